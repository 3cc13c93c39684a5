import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, ensureBucket, readText, submit, watchJobs } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();
const bucket = 'ops-test-data';

/** `split` writes as many chunks as the job says; the steps after it take all chunks. */
const template = (skip: string) => `Transform: BC2_Compiler
Repository: s3://${bucket}/${skip}
Options: {versioned: true}
Steps:
  - split:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: mkdir out; for i in $(seq \${job.chunks}); do echo \${job.text} > out/chunk-$i.txt; done
      outputs: {chunks: out/chunk-*.txt}
      skip_on_rerun: ${skip === 'skipping'}
  - list:
      image: registry.example.org/tool:1.0
      inputs: {all: "*-*.txt"}
      commands: ls *-*.txt | paste -sd ' ' > list.out
      outputs: {list: list.out}
  - spread:
      scatter: {chunk: "chunk-*.txt"}
      inputs: {}
      steps:
        - each:
            image: registry.example.org/tool:1.0
            inputs: {chunk: "\${scatter.chunk}", others: "s3://${bucket}/${skip}/chunk-*.txt"}
            commands: ls chunk-*.txt | wc -l > n.out; cp ${'${chunk}'} copy.out
            outputs: {n: n.out, copy: copy.out}
      outputs: {copies: copy.out}
`;

async function run(workflow: string, chunks: number, text: string) {
  const files = [{ name: 'a.json', body: JSON.stringify({ chunks, text }) }];
  const [job] = await submit(engine.clients, { workflow, files });
  const [status] = await watchJobs(engine.clients, { workflow, executionNames: [job?.executionName ?? ''] });
  const read = async (key: string) => (await readText(engine.clients, { bucket, key: `${workflow}/${key}` }))?.trim();
  const manifest: unknown = JSON.parse((await read('spread_manifest.json')) ?? '{}');
  return {
    status: status?.status,
    reason: status?.failure?.reason,
    split: status?.steps.find(({ name }) => name === 'split')?.status,
    list: await read('list.out'),
    manifest,
    inBranch: await read('spread/00000/n.out'),
  };
}

const copies = (workflow: string, count: number) => ({
  copies: Array.from({ length: count }, (_, index) => `s3://${bucket}/${workflow}/spread/0000${index}/copy.out`),
});

describe('a glob in a repository that was used before', () => {
  beforeAll(async () => {
    await ensureBucket(engine.clients, bucket);
    for (const workflow of ['running', 'skipping'])
      await deploy(engine.clients, { workflow, template: template(workflow) });
  });

  it('does not match what an earlier run wrote and this one did not', async () => {
    const first = await run('running', 3, 'a');
    expect(first).toMatchObject({ status: 'SUCCEEDED', list: 'chunk-1.txt chunk-2.txt chunk-3.txt', inBranch: '3' });
    // A file of the user, who writes no metadata, and whose name the glob of the step has, too.
    await engine.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'running/chunk-user.txt', Body: 'user' }));
    expect(await run('running', 1, 'b')).toMatchObject({
      status: 'SUCCEEDED',
      list: 'chunk-1.txt chunk-user.txt',
      manifest: copies('running', 2),
      inBranch: '2',
    });
  });

  it('matches what a skipped step wrote in an earlier run, and only that', async () => {
    await run('skipping', 3, 'a');
    await run('skipping', 2, 'a');
    expect(await run('skipping', 2, 'a')).toMatchObject({
      status: 'SUCCEEDED',
      split: 'skipped',
      list: 'chunk-1.txt chunk-2.txt',
      manifest: copies('skipping', 2),
    });
  });
});

/** The use that the workflow `reads` makes of the files of `make`, which writes only those that the job wants. */
const reading = `Transform: BC2_Compiler
Repository: s3://${bucket}/\${job.repo}
Options: {versioned: true}
Steps:
  - make:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: for n in \${job.made}; do echo \${job.text} > $n.txt; done; echo '["\${job.name}"]' > names.json
      outputs: {all: "*.txt", names: names.json}
      retry: {attempts: 0}
  - spread:
      scatter: {n: [1, 2]}
      error_tolerance: 100%
      steps:
        - each:
            image: registry.example.org/tool:1.0
            inputs: {}
            commands: test \${scatter.n} != \${job.broken} && echo \${job.text} > \${job.name}-\${scatter.n}.out
            outputs: {out: "*.out"}
            retry: {attempts: 0}
      outputs: {out: "*.out"}
  - take:
      image: registry.example.org/tool:1.0
      inputs: {file?: "\${job.name}.txt", branches: "spread/*/*.out"}
      commands: ls; cat *.txt > taken.dat || echo nothing > taken.dat; ls *.out | sort | paste -sd ' ' >> taken.dat
      outputs: {taken: taken.dat}
      retry: {attempts: 0}
  - need:
      image: registry.example.org/tool:1.0
      inputs: {file: "\${job.needed}"}
      commands: cat \${file}
      retry: {attempts: 0}
`;

const calling = `Transform: BC2_Compiler
Repository: s3://${bucket}/\${job.repo}
Options: {versioned: true}
Steps:
  - sub:
      subpipe: reads
      retrieve: ["*.txt -> glob/", "\${job.name}.txt -> plain.txt"]
`;

describe('a plain name, a scatter’s manifest and a subpipe’s files in a repository that was used before', () => {
  beforeAll(async () => {
    await deploy(engine.clients, { workflow: 'reads', template: reading });
    await deploy(engine.clients, { workflow: 'calls', template: calling });
  });

  async function job(workflow: string, data: Readonly<Record<string, string>>) {
    const [submitted] = await submit(engine.clients, {
      workflow,
      files: [{ name: 'a.json', body: JSON.stringify(data) }],
    });
    const [status] = await watchJobs(engine.clients, { workflow, executionNames: [submitted?.executionName ?? ''] });
    return { status: status?.status, failure: JSON.stringify(status?.failure ?? '') };
  }

  const read = async (key: string) => (await readText(engine.clients, { bucket, key }))?.trim();
  const base = { name: 'a', needed: 'names.json', broken: '0', repo: 'plain' };

  it('are what this run wrote, not what an earlier one left', async () => {
    expect(await job('reads', { ...base, made: 'a b', text: 'first' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('plain/taken.dat')).toBe('first\na-1.out a-2.out');

    // `a.txt` and the `a-….out` of the branches are still there; the first branch fails before it writes anything.
    expect(await job('reads', { ...base, name: 'b', made: 'b', text: 'second', broken: '1' })).toMatchObject({
      status: 'SUCCEEDED',
    });
    expect(await read('plain/taken.dat')).toBe('second\nb-2.out');
    expect(JSON.parse((await read('plain/spread_manifest.json')) ?? '')).toEqual({
      out: [`s3://${bucket}/plain/spread/00001/b-2.out`],
    });

    const missing = await job('reads', { ...base, made: 'c', text: 'third', needed: 'b.txt' });
    expect(missing.status).toBe('FAILED');
    expect(missing.failure).toContain('plain/b.txt was left by an earlier run, and this one did not write it');
    expect(await read('plain/taken.dat')).toBe('nothing\na-1.out a-2.out');
  });

  it('are what the subpipe wrote this time', async () => {
    const called = { ...base, repo: 'called' };
    expect(await job('calls', { ...called, made: 'a b', text: 'first' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('called/plain.txt')).toBe('first');
    const failed = await job('calls', { ...called, made: 'b', text: 'second' });
    expect(failed.failure).toContain('called/sub/a.txt was left by an earlier run');
  });
});
