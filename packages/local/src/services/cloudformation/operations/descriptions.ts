import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { sortedBy } from '../../../wire/page.js';
import {
  eventShape,
  resourceDetail,
  resourceShape,
  resourceSummary,
  stackShape,
  stackSummary,
} from '../api/stack-shape.js';
import { validationError } from '../errors.js';
import { nextToken, operation, page, pageOfOrdered, stackName, text } from '../operation.js';
import type { ResourceRecord, StackRecord } from '../stack/model.js';
import type { World } from '../stack/world.js';

const stackPage = Type.Object({ StackName: stackName, NextToken: nextToken });

/** Operations that describe stacks and their contents. */
export function descriptionOperations({ store }: World): Operation[] {
  const allResources = (): { stack: StackRecord; resource: ResourceRecord }[] =>
    [...store.stacks.values()].flatMap((stack) => store.resourcesOf(stack.id).map((resource) => ({ stack, resource })));
  return [
    operation('DescribeStacks', Type.Object({ StackName: text, NextToken: nextToken }), (input) => {
      if (input.StackName !== undefined) return { Stacks: [stackShape(store.get(input.StackName))] };
      const living = [...store.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
      const { items, nextToken } = newestFirst(living, input.NextToken);
      return { Stacks: items.map(stackShape), NextToken: nextToken };
    }),

    operation(
      'ListStacks',
      Type.Object({ StackStatusFilter: Type.Optional(Type.Array(Type.String())), NextToken: nextToken }),
      (input) => {
        const filter = input.StackStatusFilter ?? [];
        const stacks = [...store.stacks.values()].filter(
          ({ status }) => filter.length === 0 || filter.includes(status),
        );
        const { items, nextToken } = newestFirst(stacks, input.NextToken);
        return { StackSummaries: items.map(stackSummary), NextToken: nextToken };
      },
    ),

    operation('DescribeStackEvents', stackPage, (input) => {
      const stack = store.get(input.StackName);
      const events = store.eventsOf(stack.id);
      // Newest first. A page continues below the number of its last event, so new events do not shift it.
      const keyed = function* () {
        for (let index = events.length - 1; index >= 0; index -= 1) {
          const event = events[index];
          if (event !== undefined) yield { event, key: String(1e9 - index).padStart(10, '0') };
        }
      };
      const { items, nextToken } = pageOfOrdered(keyed(), ({ key }) => key, input.NextToken);
      return { StackEvents: items.map(({ event }) => eventShape(stack, event)), NextToken: nextToken };
    }),

    operation(
      'DescribeStackResources',
      Type.Object({ StackName: text, LogicalResourceId: text, PhysicalResourceId: text }),
      (input) => {
        const stack =
          input.StackName === undefined
            ? allResources().find(({ resource }) => resource.physicalId === input.PhysicalResourceId)?.stack
            : store.get(input.StackName);
        if (stack === undefined) throw validationError(`Stack for ${input.PhysicalResourceId ?? ''} does not exist`);
        const resources = store
          .resourcesOf(stack.id)
          .filter(({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId);
        return { StackResources: sortedBy(resources, logicalIdOf).map((resource) => resourceShape(stack, resource)) };
      },
    ),

    operation('DescribeStackResource', Type.Object({ StackName: stackName, LogicalResourceId: stackName }), (input) => {
      const stack = store.get(input.StackName);
      const resource = store.resource(stack.id, input.LogicalResourceId);
      if (resource === undefined)
        throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      return { StackResourceDetail: resourceDetail(stack, resource) };
    }),

    operation('ListStackResources', stackPage, (input) => {
      const stack = store.get(input.StackName);
      const { items, nextToken } = page(store.resourcesOf(stack.id), logicalIdOf, input.NextToken);
      return {
        StackResourceSummaries: items.map((resource) => resourceSummary(stack, resource)),
        NextToken: nextToken,
      };
    }),

    operation('ListExports', Type.Object({ NextToken: nextToken }), (input) => {
      const all = [...store.exports()].map(([Name, { stackId, value }]) => ({
        ExportingStackId: stackId,
        Name,
        Value: value,
      }));
      const { items, nextToken } = page(all, ({ Name }) => Name, input.NextToken);
      return { Exports: items, NextToken: nextToken };
    }),

    operation(
      'ListImports',
      Type.Object({ ExportName: Type.String({ minLength: 1 }), NextToken: nextToken }),
      (input) => {
        const names = store.importersOf(input.ExportName).map(({ name }) => name);
        if (names.length === 0) throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
        const { items, nextToken } = page(names, (name) => name, input.NextToken);
        return { Imports: items, NextToken: nextToken };
      },
    ),
  ];
}

const logicalIdOf = ({ logicalId }: ResourceRecord) => logicalId;

/** Pages of stacks, newest first: the key decreases over time. */
function newestFirst(stacks: readonly StackRecord[], token: string | undefined) {
  const keyOf = (stack: StackRecord) => `${String(1e15 - Date.parse(stack.createdAt)).padStart(16, '0')} ${stack.id}`;
  return page(stacks, keyOf, token);
}
