import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type JobMeasure, measuresFolder, parseMeasureName } from '@bclaw/spec/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf } from '../../packages/runner/test/program.js';
import { startContained } from './contained.js';
import { Podman, shellTools } from './podman.js';

const image = 'localhost/bclaw-test/measured:1.0';

describe('the measures of a container', () => {
  let podman: Podman;
  let world: JobWorld;
  beforeAll(async () => {
    podman = await Podman.start();
    await podman.image(image, [...new Set([...shellTools, 'dd', 'head', 'sleep', 'true'])]);
    world = await JobWorld.start();
  });
  afterAll(async () => {
    podman.close([image]);
    await world.close();
  });

  async function measured(...commands: readonly string[]): Promise<JobMeasure | undefined> {
    const repo = crypto.randomUUID();
    await world.put(`${repo}/_JOB_DATA_`, '{"job": {}, "scatter": {}, "parent": {}}');
    const outcome = await outcomeOf(
      startContained(
        world,
        podman,
        { repo: `s3://data/${repo}`, step: { image, commands } },
        { BC_MEMORY_MIB: '2048' },
      ),
    );
    expect(outcome.exitCode, JSON.stringify(outcome.own)).toBe(0);
    const prefix = `${repo}/${measuresFolder('job_0a1b2c3d')}`;
    const { Contents = [] } = await world.s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: prefix }));
    const [{ Key = '' } = {}] = Contents;
    return parseMeasureName('job_0a1b2c3d', Key.slice(prefix.length));
  }

  it('tell the processor time of a loop of 2 s, in a process of its own, within a tenth', async () => {
    // The kernel counts the hundredths of a second that the loop has taken, however busy the machine is.
    const fields = 'a b c d e f g h i j k l m user system rest';
    const loop = `while read -r ${fields} </proc/self/stat; [ $((user + system)) -lt 200 ]; do :; done`;
    const { cpuMs = 0, phaseMs } = (await measured(`sh -c '${loop}'; true`)) ?? { phaseMs: {} };
    expect(cpuMs).toBeGreaterThan(1_800);
    expect(cpuMs).toBeLessThan(2_200);
    expect(Object.keys(phaseMs)).toEqual(expect.arrayContaining(['image', 'inputs', 'commands', 'outputs']));
  });

  it('tell 300 MB that are held, within a tenth, and not the files that the kernel keeps', async () => {
    const held = 300_000_000;
    const { peakBytes = 0 } =
      (await measured(
        // 900 MB that only the kernel holds, and that it would give up for anything else.
        'head -c 900000000 /dev/zero > file',
        // The last byte keeps `dd` waiting with a buffer that is full but for this.
        `{ head -c ${held - 1} /dev/zero; sleep 2; echo; } | dd bs=${held} count=1 iflag=fullblock of=/dev/null`,
      )) ?? {};
    expect(peakBytes).toBeGreaterThan(held * 0.9);
    expect(peakBytes).toBeLessThan(held * 1.1);
  });
});
