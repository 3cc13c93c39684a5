import { describe, expect, it } from 'vitest';
import { deploy, listDeadLetters, listExecutions, rollback, submit } from '../src/index.js';
import { useEngine } from './engine.js';

const jobFiles = 60;
/** StartExecution as in AWS's smaller regions, scaled down, so that most of the job files have to wait. */
const engine = useEngine({
  core: true,
  rates: [{ service: 'states', operations: ['StartExecution'], bucket: 5, perSecond: 4 }],
});

/** A workflow whose jobs are done at once, so that nothing but their launch takes time. */
const template = (mark: string) => `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Options:
  versioned: true
Steps:
  - ${mark}:
      Type: Pass
`;

const calls = async (name: string): Promise<number> =>
  JSON.parse(await (await fetch(`${engine.url}/_bclaw/calls`)).text())[name] ?? 0;

describe(`${jobFiles} job files at once, with a rollback and a deployment in between`, () => {
  it('become one execution each, however often AWS throttles them, and none a dead letter', async () => {
    const workflow = 'burst';
    await deploy(engine.clients, { workflow, template: template('one') });
    await deploy(engine.clients, { workflow, template: template('two') });
    const put = (from: number, to: number) =>
      submit(engine.clients, {
        workflow,
        files: Array.from({ length: to - from }, (_, index) => ({
          name: `job${from + index}.json`,
          body: JSON.stringify({ id: `job${from + index}` }),
        })),
      });
    const first = await put(0, jobFiles / 2);
    await rollback(engine.clients, { workflow });
    const [second] = await Promise.all([
      put(jobFiles / 2, jobFiles),
      deploy(engine.clients, { workflow, template: template('three') }),
    ]);
    const expected = [...first, ...second].map(({ executionName }) => executionName).sort();
    const executions = () => listExecutions(engine.clients, { workflow, limit: 1000 });
    const names = async () => (await executions()).map(({ name }) => name).sort();
    await expect.poll(names, { timeout: 120_000, interval: 1000 }).toEqual(expected);
    expect(await calls('states:StartExecution')).toBeGreaterThan(jobFiles);
    expect(await listDeadLetters(engine.clients, { workflow })).toEqual([]);
    const versions = new Set((await executions()).map(({ version }) => version));
    expect(versions).toContain(3);
  }, 240_000);
});
