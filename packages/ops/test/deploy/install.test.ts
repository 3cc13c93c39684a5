import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import {
  type Clients,
  deploy,
  ensureBucket,
  type InstallProgress,
  install,
  listObjects,
  readCore,
  readText,
  submit,
  uninstall,
  watchJobs,
} from '../../src/index.js';
import { installOptions, template, useEngine } from '../engine.js';

const engine = useEngine({ core: false });

/** Loses the answer to an operation; returns a function that ends this. */
function interruptAfter({ middlewareStack }: Clients['cloudFormation'], operation: string): () => void {
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === `${operation}Command`) throw new Error('killed');
        return answer;
      },
    { step: 'initialize', name: 'interruption' },
  );
  return () => {
    middlewareStack.remove('interruption');
  };
}

describe('install', () => {
  it('says so where nothing is installed', async () => {
    await expect(readCore(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
    await expect(uninstall(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
  });

  it('makes the code bucket, uploads the bundles and creates the core stack; again, it changes nothing', async () => {
    const progress: InstallProgress[] = [];
    const first = await install(engine.clients, { ...installOptions, onProgress: (step) => progress.push(step) });
    expect(first.outcome).toBe('created');
    expect(progress.filter(({ kind }) => kind === 'bundle')).toHaveLength(3);
    expect(progress.find(({ kind }) => kind === 'bucket')).toMatchObject({ outcome: 'created' });
    expect(progress.some(({ kind }) => kind === 'event')).toBe(true);

    const again: InstallProgress[] = [];
    const second = await install(engine.clients, { ...installOptions, onProgress: (step) => again.push(step) });
    expect(second.outcome).toBe('unchanged');
    expect(again.every((step) => step.kind !== 'event' && step.outcome === 'present')).toBe(true);
    expect(second.core.environment).toEqual(first.core.environment);
  });

  it('keeps the parameters that a later call does not give', async () => {
    const { parameters } = installOptions;
    await install(engine.clients, { ...installOptions, parameters: { ...parameters, MaxvCpus: '64' } });
    const { RunnerImage = '' } = parameters;
    const { outcome, core } = await install(engine.clients, { ...installOptions, parameters: { RunnerImage } });
    expect(outcome).toBe('unchanged');
    expect(core.stack.parameters).toMatchObject({ MaxvCpus: '64', SubnetIds: parameters['SubnetIds'] });
    await install(engine.clients, { ...installOptions, parameters: { MaxvCpus: '256' } });
  });

  it('uploads a template that is too large for a request', async () => {
    const installation = 'large';
    const { codeBucket, stack } = (
      await install(engine.clients, {
        ...installOptions,
        installation,
        template: (keys) => ({ ...installOptions.template(keys), Metadata: { Padding: 'x'.repeat(51_200) } }),
        parameters: { ...installOptions.parameters, MacroName: 'Large' },
      })
    ).core;
    expect(stack.status).toBe('CREATE_COMPLETE');
    const objects = await listObjects(engine.clients, { bucket: codeBucket, key: 'templates/' });
    expect(objects).toMatchObject([{ bytes: expect.any(Number) }]);
    await uninstall(engine.clients, { installation });
  });

  it.each([
    ['before CloudFormation has begun', 'CreateChangeSet'],
    ['while CloudFormation is at work', 'ExecuteChangeSet'],
  ])('finishes in a second run what was interrupted %s', async (_, operation) => {
    const installation = `cut-${operation.toLowerCase()}`;
    const options = {
      ...installOptions,
      installation,
      parameters: { ...installOptions.parameters, MacroName: operation },
    };
    const { cloudFormation } = engine.clients;
    const remove = interruptAfter(cloudFormation, operation);
    await expect(install(engine.clients, options)).rejects.toThrow('killed');
    remove();
    const { core } = await install(engine.clients, options);
    expect(core.stack.status).toBe('CREATE_COMPLETE');
    expect((await install(engine.clients, options)).outcome).toBe('unchanged');
    await uninstall(engine.clients, { installation });
  });

  it('takes no name for another command, either, that no core stack can have', async () => {
    await expect(readCore(engine.clients, 'two words')).rejects.toMatchObject({ code: 'bad-core-name' });
    await expect(uninstall(engine.clients, { installation: 'Big' })).rejects.toMatchObject({ code: 'bad-core-name' });
  });

  it.each(['Bayerclaw2', 'two words', 'x'.repeat(42), '2nd', 'ends-', ''])(
    'makes nothing under the name %j, which no bucket can have',
    async (installation) => {
      await expect(install(engine.clients, { ...installOptions, installation })).rejects.toMatchObject({
        code: 'bad-core-name',
      });
    },
  );

  it('makes nothing when a name is taken, and says whose it is and what to pass', async () => {
    const second = { ...installOptions, installation: 'second' };
    await expect(install(engine.clients, second)).rejects.toMatchObject({
      code: 'name-taken',
      message: 'The macro "BC2_Compiler" belongs to the stack "bayerclaw2".',
      hint: expect.stringContaining('-p MacroName='),
    });
    const { environment } = await readCore(engine.clients);
    const LauncherBucketName = environment.launcherBucket;
    const same = { ...second, parameters: { ...second.parameters, MacroName: 'Second', LauncherBucketName } };
    await expect(install(engine.clients, same)).rejects.toMatchObject({
      code: 'name-taken',
      hint: expect.stringContaining('-p LauncherBucketName='),
    });
    await expect(readCore(engine.clients, 'second')).rejects.toMatchObject({ code: 'not-installed' });
  });

  it('asks for the values that a new core stack needs, before it makes anything', async () => {
    const parameters = { MacroName: 'Third', SubnetIds: 'subnet-1' };
    await expect(
      install(engine.clients, { ...installOptions, installation: 'third', parameters }),
    ).rejects.toMatchObject({
      code: 'missing-value',
      message: 'The core stack needs RunnerImage, SecurityGroupIds.',
    });
  });

  it('leaves a stack alone that is not a core stack, and knows the original BayerCLAW', async () => {
    const { cloudFormation } = engine.clients;
    const stack = (StackName: string, Outputs: object) =>
      cloudFormation.send(
        new CreateStackCommand({
          StackName,
          TemplateBody: JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } }, Outputs }),
        }),
      );
    await stack('theirs', {});
    await stack('original', { RunnerImageUri: { Value: 'x/runner:1' } });
    const under = (installation: string) => install(engine.clients, { ...installOptions, installation });
    await expect(uninstall(engine.clients, { installation: 'theirs' })).rejects.toMatchObject({
      code: 'not-a-core-stack',
    });
    await expect(under('theirs')).rejects.toMatchObject({
      code: 'not-a-core-stack',
      message: 'The stack "theirs" was not made by bclaw.',
    });
    await waitUntilStackCreateComplete(
      { client: cloudFormation, maxWaitTime: 60, minDelay: 1 },
      { StackName: 'original' },
    );
    await expect(under('original')).rejects.toMatchObject({
      code: 'not-a-core-stack',
      message: 'The stack "original" is an installation of the original BayerCLAW.',
      hint: expect.stringContaining('-p MacroName='),
    });
  });

  it('leaves the buckets when it is taken away', async () => {
    const { environment, codeBucket } = await readCore(engine.clients);
    await uninstall(engine.clients);
    await expect(readCore(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
    expect(await ensureBucket(engine.clients, codeBucket)).toBe('present');
    expect(await ensureBucket(engine.clients, environment.launcherBucket)).toBe('present');
  });

  it('takes over the launcher bucket that an earlier installation has left, with what is in it', async () => {
    const { environment } = await readFreshCore();
    await uploadText(environment.launcherBucket, 'my-workflow/kept.json');
    await uninstall(engine.clients);
    const { outcome, core } = await install(engine.clients, installOptions);
    expect(outcome).toBe('created');
    expect(core.environment.launcherBucket).toBe(environment.launcherBucket);
    const kept = await readText(engine.clients, { bucket: environment.launcherBucket, key: 'my-workflow/kept.json' });
    expect(kept).toBe('{}');
    expect((await install(engine.clients, installOptions)).outcome).toBe('unchanged');
    // It belongs to the stack again: deployed workflows work with it.
    await deploy(engine.clients, { workflow: 'again', template: template('echo') });
    const jobs = await submit(engine.clients, { workflow: 'again', files: [{ name: 'a.json', body: '{"id": "a"}' }] });
    const executionNames = jobs.map(({ executionName }) => executionName);
    expect(await watchJobs(engine.clients, { workflow: 'again', executionNames })).toHaveLength(1);
  });

  async function readFreshCore() {
    return (await install(engine.clients, installOptions)).core;
  }

  const uploadText = (Bucket: string, Key: string) =>
    engine.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
});
