import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeapClock } from './clock.js';
import { Disk, SmallEngine, until } from './harness.js';
import { tinyLambda } from './services.js';

let directory: string;
let disk: Disk;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bclaw-archive-'));
  disk = new Disk();
  clock = new LeapClock();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

let mended = false;
let clock: LeapClock;
let current: SmallEngine;
/** An engine over the same disk; without executions in memory once they have ended, unless told otherwise. */
function open(endedInMemory = 0): SmallEngine {
  void current?.context.journal.flush();
  current = new SmallEngine({
    disk,
    directory,
    states: { endedInMemory, clock },
    services: () => ({
      lambda: tinyLambda({
        fragile: (item) => {
          if (item === 2 && !mended) throw Object.assign(new Error('no'), { name: 'Once' });
          return item;
        },
      }),
    }),
  });
  return current;
}
const inMemory = () =>
  current.context.journal.table('states/executions').size + current.context.journal.table('states/map-runs').size;
const emptied = async () => {
  await until(() => inMemory() === 0, 'no execution is in memory');
  await current.context.journal.flush();
};
const files = (folder = join(directory, 'states')) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const pass = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } } };
const fail = { StartAt: 'A', States: { A: { Type: 'Fail', Error: 'E', Cause: 'ü' } } };
const map = {
  StartAt: 'Scatter',
  States: {
    Scatter: {
      Type: 'Map',
      Label: 'scatter',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'I',
        States: { I: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:fragile', End: true } },
      },
      End: true,
    },
  },
};

/** Everything that the API tells of some state machines and their executions, and of the executions of their map runs. */
async function allThatIsTold(engine: SmallEngine, machines: readonly string[]): Promise<unknown> {
  const told: unknown[] = [];
  const list = async (filter: object) => {
    const arns: string[] = [];
    for (let nextToken: string | undefined; ; ) {
      const answer = await engine.sfn('ListExecutions', { ...filter, maxResults: 2, ...(nextToken && { nextToken }) });
      told.push(answer);
      arns.push(...answer.executions.map(({ executionArn }: { executionArn: string }) => executionArn));
      nextToken = answer.nextToken;
      if (nextToken === undefined) return arns;
    }
  };
  const tell = async (executionArn: string) => {
    for (const operation of ['DescribeExecution', 'GetExecutionHistory', 'DescribeStateMachineForExecution'])
      told.push(await engine.sfn(operation, { executionArn }));
    const { mapRuns } = await engine.sfn('ListMapRuns', { executionArn });
    told.push(mapRuns);
    for (const { mapRunArn } of mapRuns) {
      told.push(await engine.sfn('DescribeMapRun', { mapRunArn }));
      for (const child of await list({ mapRunArn })) await tell(child);
    }
  };
  for (const stateMachineArn of machines) {
    await list({ stateMachineArn, statusFilter: 'FAILED' });
    for (const arn of await list({ stateMachineArn })) await tell(arn);
  }
  return told;
}

describe('ended executions', () => {
  it('leave memory, and everything about them is told from the disk as before, after a restart, too', async () => {
    mended = true;
    const engine = open(1000);
    const machines = [await engine.create(pass, '..'), await engine.create(fail, 'f'), await engine.create(map, 'm')];
    for (const machine of machines)
      for (const name of ['..', '__proto__', 'x-y', 'x'])
        await engine.finished(await engine.start(machine, [1, 2, 3], name));
    const before = await allThatIsTold(engine, machines);

    const later = open();
    await emptied();
    expect(await allThatIsTold(later, machines)).toEqual(before);
    expect(await allThatIsTold(open(), machines)).toEqual(before);
    expect(files().every((file) => (statSync(file).mode & 0o777) === 0o600)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.startsWith('..'))).toEqual([]);
  });

  it('are listed together with those in memory, each once, the newest first', async () => {
    const engine = open(5);
    const machine = await engine.create(pass);
    const names = Array.from({ length: 23 }, (_, index) => `n${index}`);
    for (const name of names) await engine.finished(await engine.start(machine, {}, name));
    await until(() => inMemory() <= 6, 'most are on the disk');
    expect(inMemory()).toBeGreaterThanOrEqual(5);
    const { executions } = await engine.sfn('ListExecutions', { stateMachineArn: machine });
    expect(executions.map(({ name }: { name: string }) => name)).toEqual(names.reverse());
  });

  it('keep their names', async () => {
    const engine = open();
    const machine = await engine.create(pass);
    await engine.finished(await engine.start(machine, {}, 'taken'));
    await emptied();
    await expect(engine.start(machine, {}, 'taken')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await engine.finished(await engine.start(machine, {}, 'free'));
    await emptied();
    await expect(open().start(machine, {}, 'free')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('can be redriven from the disk, with the children of their map runs', async () => {
    mended = false;
    const engine = open();
    const executionArn = await engine.start(await engine.create(map), [1, 2, 3]);
    expect(await engine.finished(executionArn)).toMatchObject({ status: 'FAILED' });
    await emptied();
    mended = true;
    await engine.sfn('RedriveExecution', { executionArn });
    expect(await engine.finished(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '[1,2,3]',
      redriveCount: 1,
    });
    await emptied();
    expect(await engine.sfn('DescribeExecution', { executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
    });
    const { mapRuns } = await engine.sfn('ListMapRuns', { executionArn });
    const { executions } = await engine.sfn('ListExecutions', { mapRunArn: mapRuns[0].mapRunArn });
    expect(executions).toHaveLength(3);
  });

  it('are in both places or one when the engine is killed while they move, and are told once', async () => {
    const engine = open();
    const machine = await engine.create(pass);
    for (const name of ['a', 'b']) await engine.finished(await engine.start(machine, {}, name));
    await emptied();
    // As if the engine had been killed before the journal forgot them, and a line on the disk was torn.
    const whole = disk;
    const moved = whole.lines.findIndex((line) => line.includes('"states/archived"'));
    expect(moved).toBeGreaterThan(0);
    disk = whole.cut(moved);
    const list = files().find((file) => file.endsWith('.list')) ?? '';
    appendFileSync(list, readFileSync(list, 'utf8').slice(0, 40));
    const { executions } = await open(1000).sfn('ListExecutions', { stateMachineArn: machine });
    expect(executions.map(({ name }: { name: string }) => name)).toEqual(['b', 'a']);
    const again = open();
    await emptied();
    expect((await again.sfn('ListExecutions', { stateMachineArn: machine })).executions).toEqual(executions);
  });

  it('never share a key with a new one, even if the journal is lost', async () => {
    const engine = open();
    const machine = await engine.create(pass);
    const old = await engine.start(machine, { old: true }, 'old');
    await engine.finished(old);
    await emptied();
    const journal = new Disk();
    const opened = journal.open();
    disk = { ...journal, open: () => ({ ...opened, whole: false }) } as Disk;
    const later = open();
    await later.finished(await later.start(await later.create(pass), { old: false }, 'new'));
    await until(() => files().filter((file) => file.endsWith('.list')).length === 2, 'the new one is on the disk');
    expect(await later.sfn('DescribeExecution', { executionArn: old })).toMatchObject({ input: '{"old":true}' });
  });

  it('whose record is damaged are left out, and the log says where', async () => {
    const engine = open();
    const machine = await engine.create(pass);
    for (const name of ['a', 'b']) {
      await engine.finished(await engine.start(machine, {}, name));
      await emptied();
    }
    const list = files().find((file) => file.endsWith('.list')) ?? '';
    writeFileSync(list, readFileSync(list, 'utf8').replace('"name":"a"', '"name":"z"'));
    const { executions } = await engine.sfn('ListExecutions', { stateMachineArn: machine });
    expect(executions.map(({ name }: { name: string }) => name)).toEqual(['b']);
    expect(engine.errors).toEqual([expect.stringContaining(list)]);
  });
});

describe('forgetting ended executions', () => {
  it('removes the old ones from memory and disk, with their children and names, and gives the space back', async () => {
    mended = true;
    const engine = open();
    const machine = await engine.create(map);
    for (const name of ['a', 'b']) await engine.finished(await engine.start(machine, [1, 2], name));
    await emptied();
    await clock.sleep(86_400_000, new AbortController().signal);
    const young = await engine.finished(await engine.start(machine, [3], 'young'));
    await emptied();
    const olderThanSeconds = 3600;
    const bytes = () => files().reduce((sum, file) => sum + statSync(file).size, 0);
    const before = bytes();
    const plan = await engine.sfn('BclawForgetExecutions', { olderThanSeconds, dryRun: true });
    expect(plan).toEqual({ executions: 6, bytes: expect.any(Number) });
    expect((await engine.sfn('ListExecutions', { stateMachineArn: machine })).executions).toHaveLength(3);
    expect(bytes()).toBe(before);

    expect(await engine.sfn('BclawForgetExecutions', { olderThanSeconds })).toEqual(plan);
    expect(before - bytes()).toBeGreaterThan(plan.bytes);
    const { executions } = await engine.sfn('ListExecutions', { stateMachineArn: machine });
    expect(executions.map(({ name }: { name: string }) => name)).toEqual(['young']);
    expect(await engine.sfn('DescribeExecution', { executionArn: young.executionArn })).toEqual(young);
    await engine.finished(await engine.start(machine, [4], 'a'));
    await emptied();
    await clock.sleep(1, new AbortController().signal);
    expect(await engine.sfn('BclawForgetExecutions', { olderThanSeconds: 0 })).toMatchObject({ executions: 4 });
    expect(files().filter((file) => /list|histories/.test(file))).toEqual([]);
    expect(existsSync(directory)).toBe(true);
  });
});
