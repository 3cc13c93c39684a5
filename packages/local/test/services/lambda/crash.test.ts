import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledProgram, programsFolder } from '../../bundled-program.js';
import { eventually } from '../../running-engine.js';
import { role } from './lambda-world.js';
import { zipOf } from './zip-of.js';

/** Records its start, never ends if the file "hang" exists, and otherwise records its end. */
const source = `
  import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
  export const handler = async ({ folder, job }) => {
    appendFileSync(folder + '/began-' + job, '.');
    if (existsSync(folder + '/hang')) await new Promise(() => setInterval(() => {}, 1000));
    writeFileSync(folder + '/ended-' + job, '');
  };`;

describe('Lambda after kill -9', () => {
  let folder: string;
  let programs: string;
  let program: string;
  let engine: ChildProcess | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lambda-crash-'));
    programs = programsFolder();
    program = await bundledProgram(new URL('engine-program.ts', import.meta.url), programs);
  });
  afterEach(async () => {
    await kill();
    for (const each of [folder, programs]) rmSync(each, { recursive: true, force: true });
  });

  async function start(): Promise<LambdaClient> {
    engine = fork(program, [join(folder, 'engine')], { execArgv: [], cwd: process.cwd() });
    const [endpoint] = await once(engine, 'message');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    return new LambdaClient({ endpoint: String(endpoint), region: 'us-east-1', credentials });
  }

  async function kill(): Promise<void> {
    if (engine === undefined || engine.exitCode !== null || engine.signalCode !== null) return;
    engine.kill('SIGKILL');
    await once(engine, 'exit');
  }

  it('has everything that it had answered for, and runs every accepted event to its end', async () => {
    const before = await start();
    await before.send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Role: role,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 900,
        Publish: true,
        Code: { ZipFile: zipOf({ 'index.mjs': source }) },
      }),
    );
    const alias = await before.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }));
    // More than there are workers: some run, some wait.
    const jobs = Array.from({ length: Math.max(4, availableParallelism() * 2) + 4 }, (_, index) => String(index));
    writeFileSync(join(folder, 'hang'), '');
    for (const job of jobs) {
      const Payload = JSON.stringify({ folder, job });
      await before.send(new InvokeCommand({ FunctionName: 'f:live', InvocationType: 'Event', Payload }));
    }
    const marked = (mark: string) => jobs.filter((job) => existsSync(join(folder, `${mark}-${job}`)));
    await eventually(async () => marked('began').length > 1 || undefined, 'the first calls');
    await kill();
    before.destroy();

    const cutOff = marked('began');
    expect(cutOff.length).toBeLessThan(jobs.length);
    rmSync(join(folder, 'hang'));
    const after = await start();
    expect(await after.send(new GetAliasCommand({ FunctionName: 'f', Name: 'live' }))).toMatchObject({
      FunctionVersion: '1',
      RevisionId: alias.RevisionId,
    });
    await eventually(async () => marked('ended').length === jobs.length || undefined, 'every event to be handled');
    for (const job of jobs)
      expect(readFileSync(join(folder, `began-${job}`), 'utf8')).toBe(cutOff.includes(job) ? '..' : '.');
    after.destroy();
  });
});
