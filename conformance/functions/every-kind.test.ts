import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadersFolder } from '../../docs/test/sessions.js';
import { startTestEngine, type TestEngine, venv } from '../engine.js';

const sub = (release: string) => `Transform: BC2_Compiler
Repository: s3://lab/never-used/\${job.id}
Options: {versioned: true}
Steps:
  - Work:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: echo "${release} of \${job.id}" > result.txt
      outputs: {result: result.txt}
`;

const main = `Transform: BC2_Compiler
Repository: s3://lab/\${job.id}
Options: {versioned: true}
Steps:
  - Prepare:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands:
        - printf 'x\\ny\\n' > list.txt
        - printf '{"depth":' > qc.json
        - echo '\${job.depth}}' >> qc.json
      outputs: {list: list.txt, qc: qc.json}
  - Align:
      scatter:
        - sample: \${job.samples}
        - line: '@list.txt'
      inputs: {qc: qc.json}
      outputs: {bam: '*.bam', txt: 'Inner/*/*.txt', none: '*.none'}
      steps:
        - One:
            image: registry.example.org/tool:1.0
            inputs: {qc: '\${parent.qc}'}
            commands: cat \${qc} > \${scatter.sample.name}-\${scatter.line}.bam
            outputs: {bam: '*.bam'}
        - Inner:
            scatter: {n: [1, 2]}
            outputs: {txt: '*.txt'}
            steps:
              - Two:
                  image: registry.example.org/tool:1.0
                  inputs: {}
                  commands: echo \${scatter.sample.name} \${scatter.line} \${scatter.n} > \${scatter.n}.txt
                  outputs: {txt: '*.txt'}
  - Deep:
      inputs: {qc: qc.json}
      choices:
        - {if: depth > 100, next: Never}
        - {if: qc.depth > 40 and len(job.samples) == 2, next: Sub}
  - Never:
      Type: Fail
      Error: WrongWay
  - Sub:
      subpipe: every-kind-sub
      retrieve: [result.txt -> from-sub.txt]
  - Both:
      inputs: {qc: qc.json}
      branches:
        - if: depth > 40
          steps:
            - "Yes":
                image: registry.example.org/tool:1.0
                inputs: {}
                commands: echo yes > yes.txt
                outputs: {y: yes.txt}
        - if: depth > 400
          steps:
            - "No":
                image: registry.example.org/tool:1.0
                inputs: {}
                commands: echo no > no.txt
                outputs: {y: no.txt}
`;

/** The functions as Lambda bundles, called by compiled state machines, together with real jobs. */
describe('a workflow with every kind of step', () => {
  let engine: TestEngine;
  let reader: ReadersFolder;

  beforeAll(async () => {
    engine = await startTestEngine();
    reader = new ReadersFolder({ path: venv, env: engine.env });
    reader.type('aws s3 mb s3://lab');
    reader.put('main.yaml', main);
    for (const release of ['first', 'second']) {
      reader.put('sub.yaml', sub(release));
      reader.type('bclaw deploy sub.yaml --name every-kind-sub');
    }
    reader.type('bclaw deploy main.yaml --name every-kind');
  });
  afterAll(async () => {
    reader?.remove();
    await engine?.stop();
  });

  const run = (id: string, depth: number) => {
    reader.put(`${id}.json`, JSON.stringify({ id, depth, samples: [{ name: 'a' }, { name: 'b' }] }));
    return reader.type(`bclaw submit every-kind ${id}.json --watch || true`);
  };
  const read = (key: string) => reader.type(`aws s3 cp s3://lab/${key} -`);
  const keys = (prefix: string) =>
    reader.type(`aws s3 ls --recursive s3://lab/${prefix} | awk '{print $4}'`).split('\n');

  it('goes through, and each function leaves what it is for', () => {
    expect(run('job-1', 41)).toContain('SUCCEEDED');
    const branch = (number: number) => `s3://lab/job-1/Align/0000${number}`;
    expect(JSON.parse(read('job-1/Align_manifest.json'))).toEqual({
      bam: [`${branch(0)}/a-x.bam`, `${branch(1)}/a-y.bam`, `${branch(2)}/b-x.bam`, `${branch(3)}/b-y.bam`],
      txt: [0, 1, 2, 3].flatMap((outer) =>
        [0, 1].map((inner) => `${branch(outer)}/Inner/0000${inner}/${inner + 1}.txt`),
      ),
      none: [],
    });
    expect(read('job-1/Align/00003/Inner/00001/2.txt')).toBe('b y 2\n');
    expect(JSON.parse(read('job-1/Align/00002/Inner_manifest.json'))).toEqual({
      txt: [1, 2].map((n) => `${branch(2)}/Inner/0000${n - 1}/${n}.txt`),
    });
    expect(read('job-1/from-sub.txt')).toBe('second of job-1\n');
    expect(read('job-1/yes.txt')).toBe('yes\n');
    expect(keys('job-1/')).not.toContain('job-1/no.txt');
  });

  it('calls the version of its subpipe that is live when it gets there', () => {
    reader.type('bclaw rollback every-kind-sub');
    expect(run('job-2', 41)).toContain('SUCCEEDED');
    expect(read('job-2/from-sub.txt')).toBe('first of job-2\n');
  });

  it('takes another way when another condition holds', () => {
    expect(run('job-3', 141)).toContain('FAILED');
    expect(keys('job-3/').filter((key) => key.startsWith('job-3/Sub'))).toEqual([]);
  });
});
