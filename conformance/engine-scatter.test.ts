import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine.js';

/** Compiled scatters with real jobs, on a running engine, observed with the AWS CLI. */
describe('a compiled scatter on the engine', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ words: ['--cpus', '4', '--memory', '64Gb'] });
    await engine.aws('s3', 'mb', 's3://scatter-data');
  });
  afterAll(() => engine?.stop());

  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await engine.aws(...args, '--output', 'json'));

  async function deploy(workflow: string, steps: string): Promise<void> {
    const file = join(engine.folder, `${workflow}.yaml`);
    await writeFile(
      file,
      `Transform: BC2_Compiler\nRepository: s3://scatter-data/\${job.id}\nOptions: {versioned: true}\nSteps:\n${steps}`,
    );
    await engine.bclaw('deploy', file, '--name', workflow);
  }

  /** Submits jobs at once; resolves with the result of each. */
  async function jobs(workflow: string, all: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[]) {
    const files = all.map(({ id }) => join(engine.folder, `${id}.json`));
    for (const [index, file] of files.entries()) await writeFile(file, JSON.stringify(all[index]));
    const watched = engine.bclaw('submit', workflow, ...files, '--watch', '--json');
    // The exit code is 1 when a job fails, but the list is printed all the same.
    const text = await watched.catch((error: { readonly stdout?: string }) => error.stdout ?? '');
    const listed: { readonly execution: string }[] = JSON.parse(text);
    expect(listed).toHaveLength(all.length);
    const { executions } = await json<{
      executions: { name: string; status: string; executionArn: string }[];
    }>('stepfunctions', 'list-executions', '--state-machine-arn', machine(workflow));
    return all.map(({ id }) => {
      const found = executions.find(({ name }) => name.startsWith(`${id}_`));
      if (found === undefined) throw new Error(`no execution of ${id} in ${JSON.stringify(executions)}`);
      return found;
    });
  }
  const machine = (workflow: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:${workflow}--1`;

  const failing = (tolerance: string) => `
  - wide:
      scatter: {n: '\${job.items}'}
      inputs: {}
      error_tolerance: ${tolerance}
      steps:
        - only:
            image: debian:12
            inputs: {}
            commands: ['case " \${job.bad} " in *" \${scatter.n} "*) exit 7;; esac; echo \${scatter.n} > n.txt']
            outputs: {n: n.txt}
            retry: {attempts: 0}
      outputs: {n: n.txt}
`;
  const items = ['a', 'b,c', '"quoted"', 'ünï 日本'];
  const shells = ['a', 'b,c'];

  describe.each([
    ['a count of 1', 'tolerant-count', '1'],
    ['25 %', 'tolerant-share', '"25%"'],
  ])('that tolerates %s of failures in four branches', (_, workflow, tolerance) => {
    it('succeeds below and at it, and fails above', async () => {
      await deploy(workflow, failing(tolerance));
      const job = (id: string, ...bad: string[]) => ({
        id: `${workflow}-${id}`,
        items: ['w', 'x', 'y', 'z'],
        bad: bad.join(' '),
      });
      const [below, at, above] = await jobs(workflow, [job('below'), job('at', 'x'), job('above', 'x', 'z')]);
      expect([below?.status, at?.status, above?.status]).toEqual(['SUCCEEDED', 'SUCCEEDED', 'FAILED']);
      const described = await json<{ error: string }>(
        'stepfunctions',
        'describe-execution',
        '--execution-arn',
        above?.executionArn ?? '',
      );
      expect(described.error).toBe('States.ExceedToleratedFailureThreshold');
      const manifest = await engine.aws('s3', 'cp', `s3://scatter-data/${workflow}-at/wide_manifest.json`, '-');
      expect(JSON.parse(manifest).n).toHaveLength(3);
    });
  });

  it('hands any text through the items to the branches, none at all too', async () => {
    await deploy(
      'texts',
      `
  - wide:
      scatter: {text: '\${job.items}'}
      inputs: {}
      steps:
        - only:
            image: debian:12
            inputs: {}
            commands: ["cat > t.txt <<'END'", '\${scatter.text}', 'END']
            outputs: {t: t.txt}
      outputs: {t: t.txt}
`,
    );
    const [some, none] = await jobs('texts', [
      { id: 'some', items },
      { id: 'none', items: [] },
    ]);
    expect([some?.status, none?.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    for (const [index, text] of items.entries())
      expect(await engine.aws('s3', 'cp', `s3://scatter-data/some/wide/0000${index}/t.txt`, '-')).toBe(`${text}\n`);
    expect(JSON.parse(await engine.aws('s3', 'cp', 's3://scatter-data/none/wide_manifest.json', '-'))).toEqual({
      t: [],
    });
  });

  it('shows map runs and children, nested ones too, and a redrive repeats only what failed', async () => {
    const marker = join(engine.folder, 'repaired');
    await deploy(
      'nested',
      `
  - outer:
      scatter: {x: ${JSON.stringify(shells)}}
      inputs: {}
      steps:
        - inner:
            scatter: {y: ['1', '2']}
            inputs: {}
            steps:
              - only:
                  image: debian:12
                  inputs: {}
                  commands: ['echo run >> "${engine.folder}/trace-\${scatter.y}"; [ \${scatter.y} = 1 ] || [ -e ${marker} ]; echo \${scatter.x}\${scatter.y} > o.txt']
                  outputs: {o: o.txt}
                  retry: {attempts: 0}
            outputs: {o: o.txt}
`,
    );
    const [job] = await jobs('nested', [{ id: 'job' }]);
    expect(job?.status).toBe('FAILED');
    const executionArn = job?.executionArn ?? '';
    const runs = async (arn: string) =>
      (await json<{ mapRuns: { mapRunArn: string }[] }>('stepfunctions', 'list-map-runs', '--execution-arn', arn))
        .mapRuns;
    const [outer] = await runs(executionArn);
    const outerArn = outer?.mapRunArn ?? '';
    const describeRun = () =>
      json<{ status: string; redriveCount: number; itemCounts: Record<string, number> }>(
        'stepfunctions',
        'describe-map-run',
        '--map-run-arn',
        outerArn,
      );
    expect(await describeRun()).toMatchObject({ status: 'FAILED', redriveCount: 0, itemCounts: { total: 2 } });
    const { executions: children } = await json<{ executions: { executionArn: string }[] }>(
      'stepfunctions',
      'list-executions',
      '--map-run-arn',
      outerArn,
    );
    expect(children).toHaveLength(2);
    expect(await runs(children[0]?.executionArn ?? '')).toHaveLength(1);

    await writeFile(marker, '');
    await engine.aws('stepfunctions', 'redrive-execution', '--execution-arn', executionArn);
    await expect
      .poll(
        async () =>
          (await json<{ status: string }>('stepfunctions', 'describe-execution', '--execution-arn', executionArn))
            .status,
        { timeout: 60_000, interval: 500 },
      )
      .toBe('SUCCEEDED');
    expect(await describeRun()).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      itemCounts: { succeeded: 2, failed: 0 },
    });
    const results = await engine.aws('s3', 'ls', '--recursive', 's3://scatter-data/job/outer/');
    expect(results.match(/o\.txt/g)).toHaveLength(4);
  });

  it("passes a subpipe's failure on with its cause, and starts it anew when redriven", async () => {
    const marker = join(engine.folder, 'child-repaired');
    await deploy(
      'child',
      `
  - only:
      image: debian:12
      inputs: {}
      commands: ['[ -e ${marker} ]']
      retry: {attempts: 0}
`,
    );
    await deploy('parent', `\n  - sub:\n      subpipe: child\n`);
    const [parent] = await jobs('parent', [{ id: 'family' }]);
    expect(parent?.status).toBe('FAILED');
    const arn = parent?.executionArn ?? '';
    const { error, cause } = await json<{ error: string; cause: string }>(
      'stepfunctions',
      'describe-execution',
      '--execution-arn',
      arn,
    );
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause)).toMatchObject({ Status: 'FAILED', Error: 'States.TaskFailed' });
    await writeFile(marker, '');
    await engine.aws('stepfunctions', 'redrive-execution', '--execution-arn', arn);
    await expect
      .poll(
        async () =>
          (await json<{ status: string }>('stepfunctions', 'describe-execution', '--execution-arn', arn)).status,
        { timeout: 60_000, interval: 500 },
      )
      .toBe('SUCCEEDED');
    const { executions } = await json<{ executions: { status: string }[] }>(
      'stepfunctions',
      'list-executions',
      '--state-machine-arn',
      machine('child'),
    );
    expect(executions.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCEEDED']);
    const messages = (await engine.bclaw('local', 'messages', '--json')).trim().split('\n');
    const statuses = messages.map((line) => JSON.parse(line).attributes.status.StringValue);
    expect(statuses).toEqual(expect.arrayContaining(['SUCCEEDED', 'FAILED']));
  });
});
