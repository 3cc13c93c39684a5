import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionArn, JobWorld } from '../job-world.js';

describe('the QC check of a step', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world?.close());

  const run = (result: string, ...conditions: string[]) =>
    world.run({
      step: {
        commands: [`printf '%s' '${result}' > qc.json`],
        outputs: { qc: { file: 'qc.json' } },
        qc: [{ file: 'qc.json', stop_early_if: conditions }],
      },
    });

  it('lets the job go on when no condition is true', async () => {
    expect(await run('{"reads": 5000, "q30": 0.9}', 'reads < 1000', 'q30 < 0.8')).toMatchObject({
      exitCode: 0,
      stopped: [],
    });
  });

  it("stops the job's own execution, with the conditions that are true as the cause, and keeps the outputs", async () => {
    const fresh = await world.run({
      step: {
        commands: ['echo \'{"reads": 10, "q30": 0.9}\' > stop.json'],
        outputs: { qc: { file: 'stop.json' } },
        qc: [{ file: 'stop.json', stop_early_if: ['reads < 1000', 'q30 < 0.8'] }],
      },
    });
    expect(fresh.exitCode).toBe(198);
    expect(fresh.stopped).toEqual([
      { executionArn, cause: 'The QC check of the step "count" stopped the job: reads < 1000' },
    ]);
    expect(await world.text('repo/stop.json')).toContain('"reads": 10');
  });

  it('does not wait for a named pipe that nobody writes to', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['mkfifo qc.pipe'], qc: [{ file: 'qc.pipe', stop_early_if: ['reads < 1000'] }] },
    });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'bad-output', message: expect.stringContaining('a named pipe') });
  });

  it('says in which branch of a scatter, for the job as a whole is what it stops', async () => {
    const { stopped } = await world.run({
      index: '00042',
      step: {
        commands: ['echo \'{"reads": 10}\' > branch.json'],
        outputs: { qc: { file: 'branch.json' } },
        qc: [{ file: 'branch.json', stop_early_if: ['reads < 1000'] }],
      },
    });
    expect(stopped).toEqual([
      { executionArn, cause: 'The QC check of the step "count" in branch 00042 stopped the job: reads < 1000' },
    ]);
  });

  it.each([
    ['a name is missing', '{"q30": 1}', 'NameError'],
    ['the file is not JSON', 'oops', 'not a JSON object'],
    ['the file is a list', '[1]', 'not a JSON object'],
  ])('fails the job, never passes it, when %s', async (_what, result, message) => {
    const outcome = await world.run({
      step: {
        commands: [`printf '%s' '${result}' > qc.json`],
        qc: [{ file: 'qc.json', stop_early_if: ['reads < 1000'] }],
      },
    });
    expect(outcome).toMatchObject({ exitCode: 197, stopped: [] });
    expect(JSON.stringify(outcome.own)).toContain(message);
  });

  it('fails the job when the result file was not written', async () => {
    const outcome = await world.run({ step: { qc: [{ file: 'none.json', stop_early_if: ['True'] }] } });
    expect(outcome.exitCode).toBe(197);
    expect(JSON.stringify(outcome.own)).toContain('did not write the QC result file');
  });
});
