import { GetAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { prepareDeployment } from '../../src/deploy/deployment.js';
import { deploy, promote, rollback } from '../../src/index.js';
import { restoreLive } from '../../src/versions/live.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

const alias = (workflow: string) =>
  engine.clients.lambda.send(new GetAliasCommand({ FunctionName: `${workflow}-launcher`, Name: 'live' }));
const move = (workflow: string, FunctionVersion: string, AdditionalVersionWeights: Record<string, number> = {}) =>
  engine.clients.lambda.send(
    new UpdateAliasCommand({
      FunctionName: `${workflow}-launcher`,
      Name: 'live',
      FunctionVersion,
      RoutingConfig: { AdditionalVersionWeights },
    }),
  );

/**
 * A workflow with three versions, of which the first is live again; and its state from a deployment's point of view.
 */
async function rolledBack(workflow: string) {
  for (const number of [1, 2, 3]) await deploy(engine.clients, { workflow, template: template(`echo ${number}`) });
  await rollback(engine.clients, { workflow, to: 1 });
  const { deployed } = await prepareDeployment(engine.clients, { workflow, template: template('echo 4') });
  if (deployed === undefined) throw new Error('it is deployed');
  return deployed;
}

describe('live after a deployment that failed', () => {
  it('goes back to where it was, not to what CloudFormation deployed last', async () => {
    const deployed = await rolledBack('restored');
    const startedAt = new Date();
    // As CloudFormation does when it undoes its change of the alias.
    await move('restored', '3');
    await restoreLive(engine.clients, deployed, startedAt);
    expect((await alias('restored')).FunctionVersion).toBe('1');
  });

  it('stays where somebody has moved it meanwhile', async () => {
    const deployed = await rolledBack('left-alone');
    const startedAt = new Date();
    await promote(engine.clients, { workflow: 'left-alone', to: 3 });
    await restoreLive(engine.clients, deployed, startedAt);
    expect((await alias('left-alone')).FunctionVersion).toBe('3');
    await promote(engine.clients, { workflow: 'left-alone', to: 2 });
    await restoreLive(engine.clients, deployed, startedAt);
    expect((await alias('left-alone')).FunctionVersion).toBe('2');
  });
});

describe('live after a deployment', () => {
  it('sends all jobs to the new version, whatever weights there were', async () => {
    for (const number of [1, 2]) {
      await deploy(engine.clients, { workflow: 'weighted', template: template(`echo ${number}`) });
    }
    await move('weighted', '2', { 1: 0.5 });
    expect(await deploy(engine.clients, { workflow: 'weighted', template: template('echo 2') })).toMatchObject({
      outcome: 'updated',
      version: 3,
    });
    const { FunctionVersion, RoutingConfig } = await alias('weighted');
    expect([FunctionVersion, Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})]).toEqual(['3', []]);
  });
});
