import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadersFolder } from '../docs/test/sessions.js';
import { startTestEngine, type TestEngine, venv } from './engine.js';

const workflow = (step: number) => `Transform: BC2_Compiler
Parameters:
  ImageTag: {Type: String, Default: '1.0'}
Repository: s3://my-data/repo/\${job.SAMPLE_ID}
Options: {versioned: true}
Steps:
  - align:
      image: registry.example.org/aligner:\${ImageTag}
      inputs: {}
      commands: echo ${step} > \${aligned}
      outputs: {aligned: aligned.txt}
`;

/** The guides are written for AWS; here the engine takes its place, with the real AWS CLI. */
describe('the how-to guides, typed as they stand', () => {
  let engine: TestEngine;
  let reader: ReadersFolder;

  beforeAll(async () => {
    engine = await startTestEngine();
    reader = new ReadersFolder({ path: venv, env: engine.env });
    for (const step of [1, 2, 3, 4, 5]) {
      reader.put('workflow.yaml', workflow(step));
      reader.type('bclaw deploy workflow.yaml --name my-workflow');
    }
    reader.type('aws s3 mb s3://my-data');
    for (const sample of ['sample-1', 'sample-2']) reader.put(`${sample}.json`, JSON.stringify({ SAMPLE_ID: sample }));
  });
  afterAll(async () => {
    reader?.remove();
    await engine?.stop();
  });

  const live = () =>
    reader
      .type(
        'aws lambda get-alias --function-name my-workflow-launcher --name live --query FunctionVersion --output text',
      )
      .trim();

  it('rolling back', () => {
    reader.follow('docs/how-to/roll-back.md');
    expect(live()).toBe('3');
  });

  it('deploying', () => {
    reader.follow('docs/how-to/deploy-to-aws.md');
    expect(Number(live())).toBeGreaterThan(5);
  });

  it('cleaning up', () => {
    reader.follow('docs/how-to/clean-up.md');
    const left = reader.type('bclaw versions my-workflow --json');
    expect(left).toContain(`"version": ${live()}`);
    expect(reader.type('aws stepfunctions list-state-machines --query stateMachines[].name --output text')).not.toMatch(
      /my-workflow--1\b/,
    );
  });
});
