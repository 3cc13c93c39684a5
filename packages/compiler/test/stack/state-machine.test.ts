import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compiled, ofVersion, resource } from '../compiled.js';
import { batchStep, core, everyKind, sort, workflow } from '../workflows.js';

describe('where the definition of a state machine goes', () => {
  it('is the template, when it is small', () => {
    const { definition, uploads } = compiled(workflow([sort]));
    expect(resource(workflow([sort]), 'StateMachine')).toMatchObject({
      Properties: { DefinitionString: JSON.stringify(definition) },
    });
    expect(uploads).toEqual([]);
  });

  it('is S3 under the digest of its bytes, when it is large', () => {
    const large = workflow(Array.from({ length: 250 }, (_, index) => batchStep(`step ${index}`)));
    const { definition, uploads } = compiled(large);
    const [upload] = uploads;
    if (upload === undefined) throw new Error('nothing to upload');
    expect(uploads).toHaveLength(1);
    expect(JSON.parse(upload.body)).toEqual(definition);
    expect(upload.bucket).toBe(core.launcherBucket);
    expect(upload.key).toBe(`__definitions__/${createHash('sha256').update(upload.body).digest('hex')}`);
    const machine = resource(large, 'StateMachine');
    expect(machine).toMatchObject({
      Properties: { DefinitionS3Location: { Bucket: upload.bucket, Key: upload.key } },
    });
    expect(machine).not.toHaveProperty('Properties.DefinitionString');
  });

  it('is a text in the template, so that CloudFormation looks for nothing in it', () => {
    const outputs = { Ref: { file: 'ref.fa', s3Tags: {} } };
    const { template, definition } = compiled(workflow([batchStep('index', { outputs }), ...everyKind.steps]));
    expect(JSON.stringify(definition)).toContain('"ResultPath":null');
    // CloudFormation's error would be "'null' values are not allowed in templates".
    expect(valuesIn(template)).not.toContain(null);
    expect(template.Resources[ofVersion('StateMachine')]).toMatchObject({
      Properties: { DefinitionString: expect.stringContaining('"ResultSelector":{"Ref":"ref.fa"}') },
    });
  });
});

/** Every value in the data that is neither a map nor a list. */
function valuesIn(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
}
