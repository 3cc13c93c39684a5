import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type JobMeasure, measuresFolder, parseMeasureName } from '@bclaw/spec/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld } from './job-world.js';

describe('the measures of a job', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('repo/in.txt', '12345');
  });
  afterAll(() => world.close());

  /** The measures that an execution with one job has left. */
  async function measured(settings: JobSettings): Promise<{ exitCode: number; measures: readonly JobMeasure[] }> {
    const repo = `s3://data/${crypto.randomUUID()}`;
    const key = repo.slice('s3://data/'.length);
    await world.put(`${key}/_JOB_DATA_`, '{"job": {}, "scatter": {}, "parent": {}}');
    const { exitCode } = await world.run({ ...settings, repo });
    const prefix = `${key}/${measuresFolder('job_0a1b2c3d')}`;
    const { Contents = [] } = await world.s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: prefix }));
    const measures = Contents.flatMap(
      ({ Key = '' }) => parseMeasureName('job_0a1b2c3d', Key.slice(prefix.length)) ?? [],
    );
    return { exitCode, measures };
  }

  it('are in the name of one small object: its times, what it read and wrote, and its end', async () => {
    const { measures } = await measured({
      step: {
        inputs: { text: 's3://data/repo/in.txt' },
        commands: ['cat ${text} ${text} > out.txt', 'exit 3'],
        outputs: { out: { file: 'out.txt' } },
      },
    });
    expect(measures).toEqual([
      expect.objectContaining({
        step: 'count',
        index: 'main',
        attempt: 1,
        exitCode: 3,
        inputBytes: 5,
        outputBytes: 10,
      }),
    ]);
    const [{ phaseMs, totalMs } = { phaseMs: {}, totalMs: 0 }] = measures;
    expect(Object.keys(phaseMs)).toEqual(['wait', 'image', 'inputs', 'commands', 'outputs']);
    const { image: _beside, ...oneAfterAnother } = phaseMs;
    const sum = Object.values(oneAfterAnother).reduce((total, milliseconds) => total + milliseconds, 0);
    expect(sum).toBeLessThanOrEqual(totalMs + Object.keys(oneAfterAnother).length);
  });

  it('are left by a job that did not get to its commands, and not by a skipped one', async () => {
    const failed = await measured({ step: { inputs: { text: 'absent.txt' } } });
    expect(failed.measures).toEqual([expect.objectContaining({ exitCode: failed.exitCode })]);
    expect(failed.measures[0]?.phaseMs).not.toHaveProperty('commands');
    const skipped = await measured({
      step: { skip: 'outputs', outputs: { out: { file: 'in.txt', dest: 's3://data/repo/' } } },
    });
    expect(skipped).toEqual({ exitCode: 0, measures: [] });
  });

  it.runIf(process.platform === 'linux')(
    'tell the processor time and the memory of all processes of the commands',
    async () => {
      // Half of it in a child of the shell, half in a grandchild.
      const busy = `${process.execPath} -e 'while (process.cpuUsage().user + process.cpuUsage().system < 5e5);'`;
      const held = 300_000_000;
      const holding = `${process.execPath} -e 'const held = Buffer.alloc(${held}, 1); setTimeout(() => held.length, 1500)'`;
      const { measures } = await measured({ step: { commands: [busy, `sh -c "${busy}; true"`, holding] } });
      const [{ cpuMs = 0, peakBytes = 0 } = {}] = measures;
      // Beside the loops, the processor fills the memory.
      expect(cpuMs).toBeGreaterThan(1_000);
      expect(cpuMs).toBeLessThan(2_000);
      expect(peakBytes).toBeGreaterThan(held * 0.9);
      expect(peakBytes).toBeLessThan(held * 1.2);
    },
    30_000,
  );
});
