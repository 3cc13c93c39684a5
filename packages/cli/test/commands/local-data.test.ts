import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../../local/test/signed.js';
import { bclaw, file, temporaryFolder } from '../bclaw.js';

describe("what goes into and comes out of bclaw local's engine", () => {
  const cwd = temporaryFolder();
  let url = '';
  const run = (...args: string[]) => bclaw(args, { cwd });
  beforeAll(async () => {
    const { stdout, stderr } = await run(
      'local',
      'start',
      '--detach',
      '--port',
      '0',
      '--executor',
      'process',
      // A state machine here names a role that does not exist.
      '--iam',
      'off',
      '--json',
    );
    const engine = JSON.parse(stdout);
    expect(engine, stderr).toMatchObject({ executor: 'process' });
    url = engine.url;
  });
  afterAll(() => run('local', 'stop'));

  const publish = (message: string, subject: string) =>
    fetch(url, {
      method: 'POST',
      headers: { ...signed('sns'), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: 'arn:aws:sns:us-east-1:123456789012:bayerclaw2-notifications',
        Subject: subject,
        Message: message,
        'MessageAttributes.entry.1.Name': 'status',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'SUCCEEDED',
      }),
    });

  it('forgets executions that ended, on request', async () => {
    const call = (operation: string, input: object) =>
      fetch(url, {
        method: 'POST',
        headers: { ...signed('states'), 'x-amz-target': `AWSStepFunctions.${operation}` },
        body: JSON.stringify(input),
      }).then(async (answer) => JSON.parse(await answer.text()));
    const { stateMachineArn } = await call('CreateStateMachine', {
      name: 'old',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } }),
    });
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await run('local', 'prune')).toMatchObject({
      code: 0,
      stdout: '0 ended executions deleted (0.0 MiB of histories)\n',
    });
    const dry = await run('local', 'prune', '--older-than', '0s', '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toEqual({ executions: 1, bytes: expect.any(Number), dryRun: true });
    expect((await run('local', 'prune', '--older-than', '0s')).stdout).toMatch(/^1 ended execution deleted/);
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      __type: expect.stringContaining('ExecutionDoesNotExist'),
    });
  });

  it('says how commands run', async () => {
    expect((await run('local', 'status')).stderr).toContain('processes of this machine');
    expect(await run('local', 'start', '--executor', 'vm')).toMatchObject({ code: 2 });
  });

  it('copies files in and folders out, and lists them', async () => {
    const reads = file(cwd, 'reads one.fq', 'ACGT\n');
    expect(await run('local', 'cp', reads, 's3://my-data/in/')).toMatchObject({
      code: 0,
      stdout: 's3://my-data/in/reads one.fq\n',
    });
    expect((await run('local', 'cp', reads, 's3://my-data/in/b.fq')).code).toBe(0);
    expect(JSON.parse((await run('local', 'ls', 's3://my-data/in/', '--json')).stdout)).toEqual({
      objects: [
        { uri: 's3://my-data/in/b.fq', bytes: 5 },
        { uri: 's3://my-data/in/reads one.fq', bytes: 5 },
      ],
    });
    expect((await run('local', 'ls', 's3://my-data')).stdout).toMatch(
      /^BYTES {2}OBJECT\n5 +s3:\/\/my-data\/in\/b.fq\n/,
    );
    const { stdout } = await run('local', 'cp', 's3://my-data/in/', 'out');
    expect(stdout).toBe(`${join('out', 'b.fq')}\n${join('out', 'reads one.fq')}\n`);
    expect(readFileSync(join(cwd, 'out', 'reads one.fq'), 'utf8')).toBe('ACGT\n');
  });

  it('copies one object into a file, or under its name into a folder that is there', async () => {
    expect((await run('local', 'cp', 's3://my-data/in/b.fq', 'copy.fq')).stdout).toBe('copy.fq\n');
    expect(readFileSync(join(cwd, 'copy.fq'), 'utf8')).toBe('ACGT\n');
    expect((await run('local', 'cp', 's3://my-data/in/b.fq', 'out')).stdout).toBe(`${join('out', 'b.fq')}\n`);
  });

  it('says what is wrong with a copy', async () => {
    expect(await run('local', 'cp', 'a', 'b')).toMatchObject({ code: 2, stderr: expect.stringContaining('s3:// URI') });
    expect(await run('local', 'cp', 's3://my-data/no/', 'out')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing at s3://my-data/no/ or below it'),
    });
    expect(await run('local', 'ls', 's3://my-data', '--directory', 'elsewhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No embedded engine runs in elsewhere.'),
    });
  });

  it('shows what was published', async () => {
    expect(await run('local', 'messages')).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing was published.\n' });
    await publish('first\n---\ndetails: {}', 'It ended');
    await publish('second', 'It ended again');
    const { stdout } = await run('local', 'messages', '--topic', 'bayerclaw2-notifications');
    expect(stdout).toContain(
      'bayerclaw2-notifications  It ended\n  status=SUCCEEDED\n  first\n  ---\n  details: {}\n\n',
    );
    const lines = (await run('local', 'messages', '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['first\n---\ndetails: {}', 'second']);
    expect((await run('local', 'messages', '--topic', 'another')).stdout).toBe('');
  });
});
