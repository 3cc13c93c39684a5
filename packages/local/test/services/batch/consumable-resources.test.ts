import {
  CreateConsumableResourceCommand,
  DeleteConsumableResourceCommand,
  DescribeConsumableResourceCommand,
  ListConsumableResourcesCommand,
  ListTagsForResourceCommand,
  UpdateConsumableResourceCommand,
} from '@aws-sdk/client-batch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';

describe('consumable resources', () => {
  let world: BatchWorld;
  beforeEach(async () => {
    world = await BatchWorld.start();
  });
  afterEach(() => world.end());

  const needing = (resource: string, quantity: number) => ({
    definition: {
      consumableResourceProperties: { consumableResourceList: [{ consumableResource: resource, quantity }] },
    },
  });
  const describeResource = (consumableResource: string) =>
    world.batch.send(new DescribeConsumableResourceCommand({ consumableResource }));
  const create = (consumableResourceName: string, totalQuantity: number, resourceType?: string) =>
    world.batch.send(
      new CreateConsumableResourceCommand({
        consumableResourceName,
        totalQuantity,
        tags: { owner: 'lab' },
        ...(resourceType === undefined ? {} : { resourceType }),
      }),
    );

  it('let only so many jobs run at once, whatever the machine has, and hold up no other job', async () => {
    const { consumableResourceArn } = await create('licences', 3);
    const running = [];
    for (let index = 0; index < 3; index += 1)
      running.push(
        await world.submit('sleep 600', needing(index === 0 ? String(consumableResourceArn) : 'licences', 1)),
      );
    for (const id of running) await world.reaches(id, 'RUNNING');
    const waiting = await world.submit('true', needing('licences', 2));
    expect((await world.finished(await world.submit('true'))).status).toBe('SUCCEEDED');
    expect(await describeResource('licences')).toMatchObject({
      totalQuantity: 3,
      inUseQuantity: 3,
      availableQuantity: 0,
      resourceType: 'REPLENISHABLE',
    });
    expect((await world.describe(waiting)).status).toBe('RUNNABLE');
    await world.batch.send(
      new UpdateConsumableResourceCommand({ consumableResource: 'licences', operation: 'ADD', quantity: 2 }),
    );
    expect((await world.finished(waiting)).status).toBe('SUCCEEDED');
    expect((await describeResource('licences')).inUseQuantity).toBe(3);
  });

  it('that do not come back are used up, also after a restart', async () => {
    await create('credits', 2, 'NON_REPLENISHABLE');
    expect((await world.finished(await world.submit('true', needing('credits', 2)))).status).toBe('SUCCEEDED');
    const waiting = await world.submit('true', needing('credits', 1));
    await world.reaches(waiting, 'RUNNABLE');
    await world.close();
    await world.open();
    expect(await describeResource('credits')).toMatchObject({ inUseQuantity: 2, availableQuantity: 0 });
    expect((await world.describe(waiting)).status).toBe('RUNNABLE');
    await world.batch.send(new UpdateConsumableResourceCommand({ consumableResource: 'credits', quantity: 3 }));
    expect((await world.finished(waiting)).status).toBe('SUCCEEDED');
  });

  it('that do not exist are refused when a job asks for them, with the command that creates them', async () => {
    await expect(world.submit('true', needing('no-such', 1))).rejects.toThrow(
      'Consumable resource no-such does not exist. Create it with `aws batch create-consumable-resource --consumable-resource-name no-such --total-quantity <n>`.',
    );
  });

  it('are listed, tagged and deleted', async () => {
    const { consumableResourceArn } = await create('a', 1);
    await create('b', 2);
    await expect(create('a', 1)).rejects.toThrow('already exists');
    const { consumableResources } = await world.batch.send(new ListConsumableResourcesCommand({}));
    expect(consumableResources?.map((each) => [each.consumableResourceName, each.totalQuantity])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    const { tags } = await world.batch.send(new ListTagsForResourceCommand({ resourceArn: consumableResourceArn }));
    expect(tags).toEqual({ owner: 'lab' });
    await expect(
      world.batch.send(
        new UpdateConsumableResourceCommand({ consumableResource: 'a', operation: 'REMOVE', quantity: 2 }),
      ),
    ).rejects.toThrow('only 1 of a');
    await world.batch.send(new DeleteConsumableResourceCommand({ consumableResource: 'a' }));
    await expect(describeResource('a')).rejects.toThrow('does not exist');
  });
});
