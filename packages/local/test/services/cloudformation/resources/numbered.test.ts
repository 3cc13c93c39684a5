import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, ResourceWorld, typeNamed } from './resource-world.js';

const role = 'arn:aws:iam::123456789012:role/some';

describe('resource types that number what they make', () => {
  let world: ResourceWorld;
  beforeAll(async () => {
    world = await ResourceWorld.start();
  });
  afterAll(() => world.close());

  describe('AWS::Lambda::Version', () => {
    const type = typeNamed('AWS::Lambda::Version');
    let functions = 0;
    let FunctionName: string;
    beforeEach(async () => {
      functions += 1;
      FunctionName = `f${functions}`;
      await world.create('AWS::Lambda::Function', {
        FunctionName,
        Role: role,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: '1' },
      });
    });
    const change = (source: string) =>
      world.call('lambda', 'UpdateFunctionCode', {
        FunctionName,
        ZipFile: zipSync({ 'index.js': strToU8(source) }),
      });

    it('publishes the function as it is, and refuses to do so twice', async () => {
      const first = await world.create(type.name, { FunctionName, Description: 'one' });
      expect(first.attributes).toEqual({ FunctionArn: first.physicalId, Version: '1' });
      expect(first.physicalId).toBe(`arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}:1`);
      await expect(world.create(type.name, { FunctionName, Description: 'two' })).rejects.toThrow(
        'A version for this Lambda function exists ( 1 ). Modify the function to create a new version.',
      );
      await change('2');
      expect((await world.create(type.name, { FunctionName })).attributes['Version']).toBe('2');
    });

    it('gives one version to one of two that are made at the same time', async () => {
      const results = await Promise.allSettled([
        world.create(type.name, { FunctionName, Description: 'one' }),
        world.create(type.name, { FunctionName, Description: 'two' }),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('is known again after a crash by the versions that were there before', async () => {
      const request = world.request(type, { FunctionName });
      await world.create(type.name, { FunctionName });
      const survey = (await type.survey?.(request)) ?? null;
      expect(survey).toEqual(['1']);
      expect(await type.adopt?.(request, survey)).toBeUndefined();
      await change('2');
      const made = await world.create(type.name, { FunctionName });
      expect(await type.adopt?.(request, survey)).toEqual({
        physicalId: made.physicalId,
        attributes: made.attributes,
      });
    });

    it('is removed without its function, and once', async () => {
      const version = await world.create(type.name, { FunctionName });
      await world.delete(type.name, version);
      await world.delete(type.name, version);
      const { Versions } = await world.call('lambda', 'ListVersionsByFunction', { FunctionName });
      expect(Versions).toMatchObject([{ Version: '$LATEST' }]);
    });
  });

  describe('AWS::StepFunctions::StateMachineVersion', () => {
    const type = typeNamed('AWS::StepFunctions::StateMachineVersion');
    const machine = (StateMachineName: string) =>
      world.create('AWS::StepFunctions::StateMachine', {
        StateMachineName,
        RoleArn: role,
        DefinitionString: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
      });

    it('publishes the state machine, once for a creation that is done again after a crash', async () => {
      const { physicalId: StateMachineArn } = await machine('published');
      const first = await world.create(type.name, { StateMachineArn });
      expect(first).toMatchObject({ physicalId: `${StateMachineArn}:1`, attributes: { Arn: `${StateMachineArn}:1` } });
      expect((await world.create(type.name, { StateMachineArn })).physicalId).toBe(first.physicalId);
      await world.call('states', 'StartExecution', { stateMachineArn: first.physicalId });
    });

    it('is removed without its state machine, also when that is gone; nothing starts by its ARN then', async () => {
      const { physicalId: StateMachineArn } = await machine('closed');
      const version = await world.create(type.name, { StateMachineArn });
      await world.delete(type.name, version);
      await expect(
        world.call('states', 'StartExecution', { stateMachineArn: version.physicalId }),
      ).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
      await world.call('states', 'StartExecution', { stateMachineArn: StateMachineArn });
      await world.call('states', 'DeleteStateMachine', { stateMachineArn: StateMachineArn });
      await world.delete(type.name, version);
    });
  });

  describe('AWS::Batch::JobDefinition', () => {
    const type = typeNamed('AWS::Batch::JobDefinition');
    const properties = (JobDefinitionName: string) => ({
      JobDefinitionName,
      Type: 'container',
      Parameters: { Step: 'one' },
      ContainerProperties: {
        Image: 'busybox',
        Command: ['true'],
        Environment: [{ Name: 'A', Value: 'b' }],
        ResourceRequirements: [{ Type: 'VCPU', Value: '1' }],
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'Awslogs-Group': '/a' } },
      },
      RetryStrategy: { Attempts: '2' },
      Tags: { Color: 'red' },
    });
    const described = async (arn: string) =>
      at(await world.call('batch', 'DescribeJobDefinitions', { jobDefinitions: [arn] }), 'jobDefinitions', 0);

    it('registers a revision under the names of the API, and keeps the keys of maps', async () => {
      const { physicalId } = await world.create(type.name, properties('one'));
      expect(physicalId).toBe('arn:aws:batch:us-east-1:123456789012:job-definition/one:1');
      expect(await described(physicalId)).toMatchObject({
        parameters: { Step: 'one' },
        containerProperties: {
          environment: [{ name: 'A', value: 'b' }],
          logConfiguration: { logDriver: 'awslogs', options: { 'Awslogs-Group': '/a' } },
        },
        retryStrategy: { attempts: 2 },
        tags: { Color: 'red' },
      });
    });

    it('makes another revision of the same name, and deregisters one', async () => {
      const first = await world.create(type.name, properties('two'));
      const second = await world.create(type.name, properties('two'));
      expect(second.physicalId).toMatch(/two:2$/);
      await world.delete(type.name, first);
      expect(await described(first.physicalId)).toMatchObject({ status: 'INACTIVE' });
      expect(await described(second.physicalId)).toMatchObject({ status: 'ACTIVE' });
    });

    it('is known again after a crash by the revisions that were there before', async () => {
      const request = world.request(type, properties('three'));
      await world.create(type.name, properties('three'));
      const survey = (await type.survey?.(request)) ?? null;
      expect(await type.adopt?.(request, survey)).toBeUndefined();
      const { physicalId } = await world.create(type.name, properties('three'));
      expect((await type.adopt?.(request, survey))?.physicalId).toBe(physicalId);
    });

    it('leaves the revision before when the template says so', () => {
      const revises = (SkipDeregisterOnUpdate: boolean) =>
        type.revises?.({ ResourceRetentionPolicy: { SkipDeregisterOnUpdate } });
      expect([revises(true), revises(false)]).toEqual(['keep-old', 'delete-old']);
    });
  });

  it('AWS::EC2::LaunchTemplate counts its versions, and keeps its id', async () => {
    const type = 'AWS::EC2::LaunchTemplate';
    const created = await world.create(type, { LaunchTemplateData: {} });
    expect(created.physicalId).toMatch(/^lt-[0-9a-f]{17}$/);
    const updated = await world.update(type, created, { LaunchTemplateData: { UserData: 'x' } });
    expect(updated.physicalId).toBe(created.physicalId);
    expect(updated.attributes).toMatchObject({ DefaultVersionNumber: '1', LatestVersionNumber: '2' });
  });
});
