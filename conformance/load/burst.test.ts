import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../packages/local/test/signed.js';
import { startTestEngine, type TestEngine, until } from '../engine.js';

/** `npm run test:soak` uploads 20,000 in ten seconds. */
const jobFiles = Number(process.env['BCLAW_BURST_JOBS'] ?? 1_000);
const seconds = jobFiles / 2_000;
const workflow = 'burst';
const bucket = 'bayerclaw2-launcher-123456789012';
/** Uploads at a time. */
const lanes = 32;

const template = (mark: string) => `
Transform: BC2_Compiler
Repository: s3://burst-data/\${job.id}
Options: { versioned: true }
Steps:
  - ${mark}: { Type: Pass }
`;

interface Execution {
  readonly name: string;
  readonly version: number;
  readonly status: string;
}

describe(`${jobFiles} job files in ${seconds} s, with AWS's rates, a rollback and a deployment in between`, () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ words: ['--rates', 'aws'] });
    const made = await fetch(`${engine.url}/burst-data`, { method: 'PUT', headers: signed('s3') });
    expect(made.status).toBe(200);
    for (const mark of ['one', 'two']) await deploy(mark);
  }, 120_000);
  afterAll(() => engine?.stop());

  async function deploy(mark: string, name = workflow): Promise<void> {
    await writeFile(join(engine.folder, `${name}-${mark}.yaml`), template(mark));
    await engine.bclaw('deploy', `${name}-${mark}.yaml`, '--name', name);
  }

  /** Uploads at an even pace, or as fast as the machine can. */
  async function upload(): Promise<number> {
    const began = performance.now();
    let next = 0;
    const lane = async () => {
      for (let index = next++; index < jobFiles; index = next++) {
        const due = began + (index / jobFiles) * seconds * 1000;
        if (due > performance.now()) await new Promise((go) => setTimeout(go, due - performance.now()));
        const body = JSON.stringify({ id: `job${index}` });
        const url = `${engine.url}/${bucket}/${workflow}/job${index}.json`;
        const put = await fetch(url, { method: 'PUT', headers: signed('s3'), body });
        if (!put.ok) throw new Error(await put.text());
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return performance.now() - began;
  }

  it('become one execution each, and no dead letter', { timeout: 3_600_000 }, async () => {
    const uploading = upload();
    await new Promise((go) => setTimeout(go, (seconds * 1000) / 3));
    await engine.bclaw('rollback', workflow);
    await deploy('three');
    const uploadMs = await uploading;
    const began = performance.now();
    // ListExecutions has five calls a second: the queue tells when the work is done.
    const waiting = async (): Promise<number> =>
      JSON.parse(await engine.bclaw('destroy', workflow, '--dry-run', '--json')).waiting;
    await until(waiting, (count) => count === 0, 3_000);
    const drainMs = performance.now() - began;
    const executions: readonly Execution[] = JSON.parse(
      await engine.bclaw('executions', workflow, '--limit', String(jobFiles * 2), '--json'),
    );
    const names = executions.map(({ name }) => name.split('_')[0]).sort();
    const expected = Array.from({ length: jobFiles }, (_, index) => `job${index}`).sort();
    expect(names).toEqual(expected);
    expect(executions.filter(({ status }) => status !== 'SUCCEEDED' && status !== 'RUNNING')).toEqual([]);
    expect(JSON.parse(await engine.bclaw('dead-letters', workflow, '--json'))).toEqual([]);
    const calls: Record<string, number> = JSON.parse(await (await fetch(`${engine.url}/_bclaw/calls`)).text());
    const perVersion = [1, 2, 3].map((version) => executions.filter((each) => each.version === version).length);
    console.log(
      JSON.stringify({
        jobFiles,
        uploadSeconds: Math.round(uploadMs / 1000),
        thenDrainedInSeconds: Math.round(drainMs / 1000),
        startExecutionCalls: calls['states:StartExecution'],
        executionsOnVersions1To3: perVersion,
      }),
    );
  });

  it('leave room for ten deployments side by side', { timeout: 600_000 }, async () => {
    const names = Array.from({ length: 10 }, (_, index) => `side${index}`);
    await Promise.all(names.map((name) => deploy('one', name)));
    for (const name of names) {
      const { versions } = JSON.parse(await engine.bclaw('versions', name, '--json'));
      expect(versions).toMatchObject([{ version: 1, live: true, healthy: true }]);
    }
  });
});
