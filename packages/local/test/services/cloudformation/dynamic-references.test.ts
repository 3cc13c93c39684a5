import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StackWorld } from './stacks.js';

describe('dynamic references', () => {
  let world: StackWorld;
  let secretArn = '';
  beforeAll(async () => {
    world = await StackWorld.start();
    const secrets = new SecretsManagerClient(world.engine.client);
    const made = await secrets.send(
      new CreateSecretCommand({ Name: 'db', SecretString: '{"user":"ann","port":5432,"a b":"x"}' }),
    );
    secretArn = made.ARN ?? '';
    await secrets.send(new CreateSecretCommand({ Name: 'plain', SecretString: 'first' }));
    await secrets.send(new PutSecretValueCommand({ SecretId: 'plain', SecretString: 'second' }));
  });
  afterAll(() => world.engine.dispose());

  const topic = (DisplayName: unknown) => ({
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } },
  });
  const named = async (stack: string) => {
    const arn = (await world.resources(stack))['T'] ?? '';
    return (await new SNSClient(world.engine.client).send(new GetTopicAttributesCommand({ TopicArn: arn })))
      .Attributes?.['DisplayName'];
  };

  it.each<[string, () => unknown, string]>([
    ['key', () => '{{resolve:secretsmanager:db:SecretString:user}}', 'ann'],
    ['number', () => '{{resolve:secretsmanager:db:SecretString:port}}', '5432'],
    ['whole', () => '{{resolve:secretsmanager:plain}}', 'second'],
    ['stage', () => '{{resolve:secretsmanager:plain:SecretString::AWSPREVIOUS}}', 'first'],
    ['arn', () => `{{resolve:secretsmanager:${secretArn}:SecretString:user}}`, 'ann'],
    [
      'several',
      () => 'a-{{resolve:secretsmanager:db:SecretString:user}}-{{resolve:secretsmanager:plain}}',
      'a-ann-second',
    ],
    ['sub', () => ({ 'Fn::Sub': '{{resolve:secretsmanager:db:SecretString:user}}@${AWS::Region}' }), 'ann@us-east-1'],
    ['literal', () => '{{resolve:other:db}} {{secretsmanager}}', '{{resolve:other:db}} {{secretsmanager}}'],
  ])('are replaced where a resource gets them: %s', async (name, reference, expected) => {
    const stack = `ref-${name}`;
    expect((await world.create(stack, topic(reference()))).StackStatus).toBe('CREATE_COMPLETE');
    expect(await named(stack)).toBe(expected);
  });

  it.each([
    [
      '{{resolve:secretsmanager:none}}',
      "Secrets Manager can't find the specified secret. (Service: AWSSecretsManager;",
    ],
    [
      '{{resolve:secretsmanager:db:SecretString:none}}',
      'Could not find a value associated with JSONKey in SecretString',
    ],
    ['{{resolve:secretsmanager:plain:SecretString:k}}', 'Could not parse SecretString JSON'],
  ])('to what is not there fail the resource: %s', async (reference, reason) => {
    const stack = await world.create('ref-fails', topic(reference), { OnFailure: 'DO_NOTHING' });
    expect(stack.StackStatus).toBe('CREATE_FAILED');
    expect((await world.events('ref-fails')).join('\n')).toContain(`T CREATE_FAILED ${reason}`);
    await world.delete('ref-fails');
  });

  it.each([
    ['{{resolve:secretsmanager:}}', 'Incorrect format is used in the following Secrets Manager reference'],
    [
      '{{resolve:secretsmanager:db:SecretBinary}}',
      'Incorrect format is used in the following Secrets Manager reference',
    ],
    ['{{resolve:secretsmanager:db:SecretString:a:b:c:d}}', 'Incorrect format'],
    ['{{resolve:ssm:}}', 'Incorrect format is used in the following SSM reference: [{{resolve:ssm:}}]'],
    ['{{resolve:ssm:/a/b:1}}', 'the embedded engine has no parameters of Systems Manager: [{{resolve:ssm:/a/b:1}}]'],
    ['{{resolve:ssm-secure:/a/b:1}}', 'the embedded engine has no parameters of Systems Manager'],
  ])('are refused at once when they are malformed or of a service that is missing: %s', async (reference, reason) => {
    await expect(world.create('ref-refused', topic(reference))).rejects.toThrow(reason);
    await expect(world.changeSet('ref-refused', topic(reference), { ChangeSetType: 'CREATE' })).rejects.toThrow(reason);
  });

  it('stay references in the stack: an update that changes nothing is none', async () => {
    const template = topic('{{resolve:secretsmanager:plain}}');
    await world.create('ref-kept', template);
    await expect(world.update('ref-kept', template)).rejects.toThrow('No updates are to be performed');
    expect((await world.update('ref-kept', topic('x{{resolve:secretsmanager:plain}}'))).StackStatus).toBe(
      'UPDATE_COMPLETE',
    );
    expect(await named('ref-kept')).toBe('xsecond');
  });
});
