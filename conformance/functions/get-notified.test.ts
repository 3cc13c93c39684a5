import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ReadersFolder } from '../../docs/test/sessions.js';
import { startTestEngine, type TestEngine, until, venv } from '../engine.js';

const workflow = `Transform: BC2_Compiler
Repository: s3://my-data/repo/\${job.SAMPLE_ID}
Options: {versioned: true}
Steps:
  - check:
      image: registry.example.org/checker:1.0
      inputs: {}
      commands: \${job.command}
      retry: {attempts: 0}
`;

/** The page is written for AWS; here the engine takes its place, with the real AWS CLI. */
describe('getting notified, typed as the guide has it', () => {
  let engine: TestEngine;
  let reader: ReadersFolder;

  beforeAll(async () => {
    engine = await startTestEngine();
    reader = new ReadersFolder({ path: venv, env: engine.env });
    // Version 1 of the AWS CLI uses AWS's own SQS in us-east-1 despite AWS_ENDPOINT_URL, but respects the option.
    reader.put('.bin/aws', `#!/bin/sh\nexec "${venv}/aws" --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n`);
    reader.type('chmod +x .bin/aws');
    reader.put('workflow.yaml', workflow);
    reader.type('bclaw deploy workflow.yaml --name my-workflow && bclaw deploy workflow.yaml --name other');
    reader.type('aws s3 mb s3://my-data');
  });
  afterAll(async () => {
    reader?.remove();
    await engine?.stop();
  });

  it('gives the program what it asked for, and nothing else', async () => {
    reader.follow('docs/how-to/get-notified.md');
    reader.put('good.json', '{"SAMPLE_ID": "good", "command": "true"}');
    reader.put('bad.json', '{"SAMPLE_ID": "bad", "command": "exit 3"}');
    reader.type(
      'bclaw submit other bad.json --watch || true; bclaw submit my-workflow good.json bad.json --watch || true',
    );
    const url = reader.type('aws sqs get-queue-url --queue-name failed-jobs --query QueueUrl --output text').trim();
    const receive = `aws sqs receive-message --queue-url ${url} --message-attribute-names All --max-number-of-messages 10 --visibility-timeout 0`;
    const { Messages: messages } = await until(
      async () => JSON.parse(reader.type(receive) || '{"Messages": []}'),
      (answer) => answer.Messages?.length > 0,
    );
    expect(messages).toHaveLength(1);
    const [{ Body: body, MessageAttributes: attributes }] = messages;
    const documents = parseAllDocuments(body);
    const [sentence, about] = Array.isArray(documents) ? documents.map((document) => document.toJS()) : [];
    expect(sentence).toMatch(/^Job bad_\w{8} \(bad\.json\) of workflow my-workflow, version 1, has failed\.$/);
    expect(about.details).toMatchObject({ workflow_name: 'my-workflow', workflow_version: 1, status: 'FAILED' });
    expect(attributes).toMatchObject({
      workflow_version: { StringValue: '1' },
      job_file_key: { StringValue: 'my-workflow/bad.json' },
    });
  });

  it('shows on the engine what the topic was told', async () => {
    const told = await engine.bclaw('local', 'messages');
    for (const sentence of ['my-workflow: job good_', 'has started', 'has finished', 'has failed'])
      expect(told).toContain(sentence);
  });
});
