import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import type { ConsumableResources } from '../consumable-resources.js';
import { clientException, operation, page, tags } from '../operation.js';
import { checkName } from '../resource-name.js';

const quantity = Type.Optional(Type.Integer({ minimum: 0 }));
const one = Type.Object({ consumableResource: Type.String() });

/** @param onMore - called when more of a resource may have become available */
export function consumableResourceOperations(resources: ConsumableResources, onMore: () => void): Operation[] {
  return [
    operation(
      'CreateConsumableResource',
      Type.Object({
        consumableResourceName: Type.String(),
        totalQuantity: quantity,
        resourceType: Type.Optional(Type.Union([Type.Literal('REPLENISHABLE'), Type.Literal('NON_REPLENISHABLE')])),
        tags,
      }),
      ({ consumableResourceName, totalQuantity = 0, resourceType = 'REPLENISHABLE', tags = {} }) => {
        checkName(consumableResourceName);
        const consumableResourceArn = resources.arn(consumableResourceName);
        resources.add({
          consumableResourceName,
          consumableResourceArn,
          resourceType,
          totalQuantity,
          consumed: 0,
          createdAt: Date.now(),
          tags,
        });
        onMore();
        return { consumableResourceName, consumableResourceArn };
      },
    ),

    operation(
      'UpdateConsumableResource',
      Type.Object({
        consumableResource: Type.String(),
        operation: Type.Optional(Type.Union([Type.Literal('SET'), Type.Literal('ADD'), Type.Literal('REMOVE')])),
        quantity,
      }),
      ({ consumableResource, operation: change = 'SET', quantity = 0 }) => {
        const record = resources.get(consumableResource);
        const { consumableResourceName, consumableResourceArn } = record;
        const totalQuantity = changed(record.totalQuantity, change, quantity);
        if (totalQuantity < 0)
          throw clientException(`There are only ${record.totalQuantity} of ${consumableResourceName} to remove.`);
        resources.replace({ ...record, totalQuantity });
        onMore();
        return { consumableResourceName, consumableResourceArn, totalQuantity };
      },
    ),

    operation('DescribeConsumableResource', one, ({ consumableResource }) => {
      const record = resources.get(consumableResource);
      const { consumed: _consumed, ...described } = record;
      const inUseQuantity = resources.inUse(record);
      return { ...described, inUseQuantity, availableQuantity: Math.max(0, record.totalQuantity - inUseQuantity) };
    }),

    operation('ListConsumableResources', Type.Object(page), (request) => {
      const { items, nextToken } = resources.page(request);
      const consumableResources = items.map((record) => ({
        consumableResourceArn: record.consumableResourceArn,
        consumableResourceName: record.consumableResourceName,
        totalQuantity: record.totalQuantity,
        inUseQuantity: resources.inUse(record),
        resourceType: record.resourceType,
      }));
      return { consumableResources, nextToken };
    }),

    operation('DeleteConsumableResource', one, ({ consumableResource }) => {
      resources.delete(resources.get(consumableResource));
      return {};
    }),
  ];
}

function changed(total: number, operation: 'SET' | 'ADD' | 'REMOVE', quantity: number): number {
  switch (operation) {
    case 'SET':
      return quantity;
    case 'ADD':
      return total + quantity;
    case 'REMOVE':
      return total - quantity;
  }
}
