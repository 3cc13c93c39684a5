import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { type JobNote, noteName, notesFolder, parseNoteName } from '@bclaw/spec/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClients, deploy, destroyClients, ensureBucket, readStatus, submit, watchJobs } from '../../src/index.js';
import { DenyingProxy } from '../denying-proxy.js';
import { useEngine } from '../engine.js';

const engine = useEngine();

/** The step `make` is skipped when it ran before, and may leave an output out; so may `each` in its branches. */
const template = `Transform: BC2_Compiler
Repository: s3://ops-test-data/notes
Options: {versioned: true, missing_outputs: warn}
Steps:
  - make:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: echo made > made.txt
      outputs: {made: made.txt, "maybe?": other.txt}
      skip_on_rerun: true
  - forget:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: "true"
      outputs: {forgotten: forgotten.txt}
  - spread:
      scatter: {letter: [a, b]}
      inputs: {}
      steps:
        - each:
            image: registry.example.org/tool:1.0
            inputs: {}
            commands: echo \${scatter.letter} > out.txt
            outputs: {out: out.txt, log: log.txt}
            skip_on_rerun: true
      outputs: {}
`;

async function run() {
  const [job] = await submit(engine.clients, { workflow: 'notes', files: [{ name: 'a.json', body: '{}' }] });
  const lines: string[] = [];
  const [status] = await watchJobs(engine.clients, {
    workflow: 'notes',
    executionNames: [job?.executionName ?? ''],
    onProgress: ({ steps }) => lines.push(...steps.map(({ name, status }) => `${name} ${status}`)),
  });
  if (status === undefined) throw new Error('The job has ended.');
  const steps = status.steps.filter(({ jobIds }) => jobIds.length > 0);
  return { status, lines, steps: steps.map(({ name, status, missingOutputs }) => [name, status, missingOutputs]) };
}

describe('the status of a job', () => {
  beforeAll(async () => {
    await ensureBucket(engine.clients, 'ops-test-data');
    await deploy(engine.clients, { workflow: 'notes', template });
  });

  it('tells of the outputs that its steps were allowed not to write', async () => {
    const { steps, status } = await run();
    expect(status.status).toBe('SUCCEEDED');
    expect(steps).toEqual([
      ['make', 'succeeded', undefined],
      ['forget', 'succeeded', ['forgotten']],
    ]);
    expect(status.inBranches).toEqual([{ step: 'each', kind: 'missing-output', output: 'log', branches: 2 }]);
    expect(status).not.toHaveProperty('notesIncomplete');
  });

  it('calls a step skipped that was, in this execution and not in those before', async () => {
    const { steps, status, lines } = await run();
    expect(steps).toEqual([
      ['make', 'skipped', undefined],
      ['forget', 'succeeded', ['forgotten']],
    ]);
    expect(lines).toContain('make skipped');
    expect(lines).not.toContain('make succeeded');
    expect(status.inBranches).toEqual([{ step: 'each', kind: 'skipped', branches: 2 }]);
  });

  it('is that of its own steps in a branch', async () => {
    const { status } = await run();
    const mapRunArn = status.steps.find(({ name }) => name === 'spread.map')?.mapRunArn;
    const { executions = [] } = await engine.clients.sfn.send(new ListExecutionsCommand({ mapRunArn }));
    const branch = await readStatus(engine.clients, { execution: executions[0]?.executionArn ?? '' });
    expect(branch.steps.find(({ name }) => name === 'each')).toMatchObject({ status: 'skipped' });
    expect(branch).not.toHaveProperty('inBranches');
  });
});

/** The scatter leaves out what lies in a folder below, the other one has nothing at all, and no branch writes `log`. */
const warned = `Transform: BC2_Compiler
Repository: s3://ops-test-data/warned
Options: {versioned: true}
Steps:
  - flat:
      scatter: {file: "s3://ops-test-data/reads/*.fq"}
      inputs: {}
      steps:
        - nothing: {scatter: {x: "s3://ops-test-data/none/*"}, inputs: {}, steps: [{in: {Type: Pass}}]}
      outputs: {log: "*.log"}
`;

describe('the status of a job with scatters', () => {
  it('tells the warnings of the functions between jobs', async () => {
    for (const key of ['reads/a.fq', 'reads/lane1/b.fq'])
      await engine.clients.s3.send(new PutObjectCommand({ Bucket: 'ops-test-data', Key: key, Body: 'x' }));
    await deploy(engine.clients, { workflow: 'warned', template: warned });
    const [job] = await submit(engine.clients, { workflow: 'warned', files: [{ name: 'a.json', body: '{}' }] });
    const [status] = await watchJobs(engine.clients, {
      workflow: 'warned',
      executionNames: [job?.executionName ?? ''],
    });
    expect(status?.warnings).toEqual([
      { step: 'flat', index: 'main', text: 'No branch has the output "log", *.log.' },
      { step: 'flat', index: 'main', text: expect.stringContaining('s3://ops-test-data/reads/lane1/b.fq') },
      { step: 'nothing', index: '00000', text: expect.stringContaining('nothing matches s3://ops-test-data/none/*') },
    ]);
  });
});

describe('the status of a job whose repository the caller must not list', () => {
  it('says that it does not know what was skipped', async () => {
    const { status: job } = await run();
    const proxy = await DenyingProxy.start(engine.url);
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const clients = createClients({ endpoint: proxy.url, region: 'us-east-1', credentials });
    // A listing is a GET, too.
    proxy.deny('GetObject');
    const status = await readStatus(clients, { execution: job.arn });
    destroyClients(clients);
    await proxy.close();
    expect(status).toMatchObject({ status: 'SUCCEEDED', notesIncomplete: 'denied' });
    expect(status.steps.map(({ status: one }) => one)).not.toContain('skipped');
  });
});

describe('the name of a note', () => {
  it('is read as it was written, whatever the names in it', () => {
    const of = fc.record({ step: fc.string({ minLength: 1 }), index: fc.string(), jobId: fc.string() });
    const content = fc.oneof(
      fc.constant({ kind: 'skipped' } as const),
      fc.string().map((output) => ({ kind: 'missing-output', output }) as const),
      fc.nat().map((number) => ({ kind: 'warning', number }) as const),
    );
    const notes = fc.tuple(of, content).map(([job, result]): JobNote => ({ execution: 'job_1', ...job, ...result }));
    fc.assert(
      fc.property(notes, (note) => {
        const name = noteName(note);
        expect(name.startsWith(notesFolder('job_1'))).toBe(true);
        expect(parseNoteName('job_1', name.slice(notesFolder('job_1').length))).toEqual(note);
      }),
    );
  });
});
