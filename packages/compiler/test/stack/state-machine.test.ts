import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compiled, resource } from '../compiled.js';
import { batchStep, core, sort, workflow } from '../workflows.js';

describe('where the definition of a state machine goes', () => {
  it('is the template, when it is small', () => {
    const { definition, uploads } = compiled(workflow([sort]));
    expect(resource(workflow([sort]), 'StateMachine')).toMatchObject({ Properties: { Definition: definition } });
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
    expect(machine).not.toHaveProperty('Properties.Definition');
  });

  it('is S3, when CloudFormation would take a name in it for a function of its own', () => {
    const { uploads } = compiled(workflow([batchStep('index', { outputs: { Ref: { file: 'ref.fa', s3Tags: {} } } })]));
    expect(uploads).toHaveLength(1);
  });
});
