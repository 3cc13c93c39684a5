import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { GetAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { deploy, listVersions, promote, rollback } from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

async function deployed(workflow: string, ...templates: string[]): Promise<void> {
  for (const text of templates) await deploy(engine.clients, { workflow, template: text });
}

const live = async (workflow: string) => (await listVersions(engine.clients, { workflow })).live?.version;
const row = async (workflow: string, version: number) => {
  const found = (await listVersions(engine.clients, { workflow })).versions.find((each) => each.version === version);
  if (found === undefined) throw new Error(`no version ${version}`);
  return found;
};

describe('rollback', () => {
  it('goes back to the newest complete version before the live one', async () => {
    const workflow = 'newest-complete';
    await deployed(workflow, template('echo 1'), template('echo 2'), template('echo 3'));
    const [definition = ''] = (await row(workflow, 2)).jobDefinitions.active;
    await engine.clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: definition }));
    expect(await row(workflow, 2)).toMatchObject({
      healthy: false,
      jobDefinitions: { active: [], missing: [definition] },
    });
    expect(await rollback(engine.clients, { workflow })).toMatchObject({ from: 3, to: 1 });
    expect(await live(workflow)).toBe(1);
    await expect(rollback(engine.clients, { workflow })).rejects.toMatchObject({ code: 'no-earlier-version' });
    expect(await promote(engine.clients, { workflow, to: 3 })).toMatchObject({ from: 1, to: 3 });
  });

  it('refuses a version that is not whole any more, and changes nothing', async () => {
    const workflow = 'not-whole';
    await deployed(workflow, template('echo 1'), template('echo 2'));
    const { stateMachine } = await row(workflow, 1);
    await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: stateMachine.arn }));
    await expect(rollback(engine.clients, { workflow, to: 1 })).rejects.toMatchObject({
      code: 'unhealthy-version',
      message: expect.stringContaining('state machine'),
    });
    await expect(rollback(engine.clients, { workflow })).rejects.toMatchObject({
      code: 'no-earlier-version',
      hint: expect.stringContaining('bclaw deploy'),
    });
    expect(await live(workflow)).toBe(2);
  });

  it('refuses what is live already, what never existed, and what has no versions', async () => {
    await deployed('live', template('echo 1'));
    await deployed('plain', template('echo 1', { versioned: false }));
    const to = (workflow: string, version: number) => rollback(engine.clients, { workflow, to: version });
    await expect(to('live', 1)).rejects.toMatchObject({ code: 'already-live' });
    await expect(to('live', 9)).rejects.toMatchObject({ code: 'no-such-version' });
    await expect(to('plain', 1)).rejects.toMatchObject({ code: 'not-versioned' });
    await expect(to('nobody', 1)).rejects.toMatchObject({ code: 'no-such-workflow' });
  });

  it('warns about images that may have changed since', async () => {
    const workflow = 'mutable';
    await deployed(workflow, template('echo 1', { image: 'tools:prod' }), template('echo 2'));
    expect(await rollback(engine.clients, { workflow })).toMatchObject({
      mutableImages: [{ step: 'only', image: 'tools:prod', pinned: false }],
    });
  });

  it('takes weights off the alias', async () => {
    const workflow = 'weights';
    await deployed(workflow, template('echo 1'), template('echo 2'));
    await engine.clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: `${workflow}-launcher`,
        Name: 'live',
        FunctionVersion: '2',
        RoutingConfig: { AdditionalVersionWeights: { 1: 0.25 } },
      }),
    );
    const { versions } = await listVersions(engine.clients, { workflow });
    expect(versions.map(({ version, live: isLive, weight }) => [version, isLive, weight])).toEqual([
      [2, true, 0.75],
      [1, true, 0.25],
    ]);
    await promote(engine.clients, { workflow, to: 2 });
    const alias = await engine.clients.lambda.send(
      new GetAliasCommand({ FunctionName: `${workflow}-launcher`, Name: 'live' }),
    );
    expect(Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {})).toEqual([]);
    expect(await live(workflow)).toBe(2);
  });

  it('loses against another one at the same moment, and says so', async () => {
    const workflow = 'race';
    await deployed(workflow, template('echo 1'), template('echo 2'), template('echo 3'));
    const outcomes = await Promise.allSettled([
      rollback(engine.clients, { workflow, to: 1 }),
      rollback(engine.clients, { workflow, to: 2 }),
    ]);
    const moved = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(moved.length).toBeGreaterThanOrEqual(1);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'live-moved' });
    expect(moved.map(({ value }) => value.to)).toContain(await live(workflow));
  });
});
