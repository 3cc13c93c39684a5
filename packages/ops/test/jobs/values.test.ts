import { GetObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, ensureBucket, submit, watchJobs } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();
const bucket = 'values-data';

/** Deploys the steps as a workflow, runs a job, and returns the text that it has written. */
async function resultOf(workflow: string, steps: string, job: string, key: string): Promise<string> {
  const template = `Transform: BC2_Compiler\nRepository: s3://${bucket}/${workflow}\nOptions: {versioned: true}\nSteps:\n${steps}`;
  await deploy(engine.clients, { workflow, template });
  const [submitted] = await submit(engine.clients, { workflow, files: [{ name: 'j.json', body: job }] });
  const executionNames = [submitted?.executionName ?? ''];
  const [ended] = await watchJobs(engine.clients, { workflow, executionNames });
  expect(ended).toMatchObject({ status: 'SUCCEEDED' });
  const { Body } = await engine.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${workflow}/${key}` }));
  return (await Body?.transformToString()) ?? '';
}

beforeAll(() => ensureBucket(engine.clients, bucket));

describe('the parent of a scatter that names no inputs', () => {
  it('has the outputs of the step before it', async () => {
    const steps = `
  - p: {image: "p:1", inputs: {}, commands: ["echo from p > \${o}"], outputs: {o: o.txt}}
  - s:
      scatter: {x: [1]}
      steps: [{a: {image: "a:1", commands: ["cat \${f} > \${r}"], inputs: {f: "\${parent.o}"}, outputs: {r: r.txt}}}]
`;
    expect(await resultOf('auto', steps, '{}', 's/00000/r.txt')).toBe('from p\n');
  });
});

describe('a number of the job data', () => {
  it('is in commands, branches and conditions what the job file has', async () => {
    const steps = `
  - which:
      choices: [{if: 'str(job.version) == "1.1" and job.id == 12345678901234567890', next: each}]
  - wrong: {Type: Fail, Error: Wrong, Cause: no condition holds}
  - each:
      scatter: {n: "\${job.numbers}"}
      steps:
        - deeper:
            scatter: {m: [x]}
            steps: [{a: {image: "a:1", inputs: {}, commands: ["echo \${scatter.n} \${job.version} \${job.d[0].id} > \${r}"], outputs: {r: r.txt}}}]
        - which-branch:
            choices: [{if: "scatter.n < 200000", next: fine}]
        - bad: {Type: Fail, Error: Wrong, Cause: no condition holds}
        - fine: {Type: Succeed}
`;
    const job = '{"id":12345678901234567890,"version":1.10,"numbers":[1e5,1.0],"d":[{"id":9007199254740993}]}';
    expect(await resultOf('numbers', steps, job, 'each/00000/deeper/00000/r.txt')).toBe('1e5 1.10 9007199254740993\n');
  });
});
