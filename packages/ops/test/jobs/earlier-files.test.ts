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
