import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine, until } from './engine.js';

const temporaryFolders = process.env['TMPDIR'];
const disk = mkdtempSync(join(tmpdir(), 'bclaw-full-'));

/**
 * A real file system that is really full, with the engine's journal, objects and log and the jobs' workspaces on it.
 */
describe('an engine whose disk fills up', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    // Mounting requires root, which the conformance suite has.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
    process.env['TMPDIR'] = disk;
    engine = await startTestEngine({ words: ['--executor', 'process'] });
    writeFileSync(
      join(engine.folder, 'wf.yaml'),
      `Transform: BC2_Compiler
Repository: s3://full-data/\${job.id}
Steps:
  - talk:
      image: debian:12
      inputs: {}
      commands: ['for i in 1 2 3 4 5 6; do echo line $i; sleep 0.5; done; echo said > said.txt']
      outputs: {said: said.txt}
  - more:
      image: debian:12
      commands: ['cat said.txt']
`,
    );
    await engine.aws('s3', 'mb', 's3://full-data');
    await engine.bclaw('deploy', join(engine.folder, 'wf.yaml'), '--name', 'wf');
  });
  afterAll(async () => {
    await engine?.stop();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
    if (temporaryFolders === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporaryFolders;
  });

  const fill = join(disk, 'fill');
  const fillUp = () => {
    const block = Buffer.alloc(64 * 1024);
    try {
      for (;;) appendFileSync(fill, block);
    } catch {
      expect(statfsSync(disk).bavail).toBe(0);
    }
  };
  const submit = async (id: string) => {
    const file = join(engine.folder, `${id}.json`);
    writeFileSync(file, JSON.stringify({ id }));
    await engine.bclaw('submit', 'wf', file);
  };
  const statuses = async () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:wf';
    const listed = await engine.aws('stepfunctions', 'list-executions', '--state-machine-arn', machine);
    const { executions }: { executions: { status: string }[] } = JSON.parse(listed);
    return executions.map(({ status }) => status);
  };

  it('lives on, says why it takes nothing, and goes on when there is room again', async () => {
    writeFileSync(join(engine.folder, 'after.json'), JSON.stringify({ id: 'after' }));
    await submit('before');
    await until(statuses, (all) => all.includes('RUNNING'));
    fillUp();
    // The job continues to write, and ends: neither its log nor the journal can be written.
    await new Promise((resolve) => setTimeout(resolve, 5_000));

    const put = promisify(execFile)(
      join(process.cwd(), '.conformance/venv/bin/aws'),
      ['s3api', 'put-object', '--bucket', 'full-data', '--key', 'large', '--body', '/proc/self/exe'],
      { env: { ...engine.env, AWS_MAX_ATTEMPTS: '1' } },
    );
    await expect(put).rejects.toMatchObject({
      stderr: expect.stringContaining("The disk with the engine's directory is full. Free some space and try again."),
    });
    await expect(engine.aws('stepfunctions', 'create-activity', '--name', 'a')).rejects.toMatchObject({
      stderr: expect.stringContaining('does not have'),
    });

    rmSync(fill);
    await submit('after');
    // The job that ran while the disk was full succeeded, or failed with an error; the one after it succeeds.
    const ended = await until(statuses, (all) => all.length === 2 && !all.includes('RUNNING'));
    expect(ended[0]).toBe('SUCCEEDED');
    await engine.aws('s3api', 'head-object', '--bucket', 'full-data', '--key', 'after/said.txt');
  });
});
