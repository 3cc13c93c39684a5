import { Type } from 'typebox';
import type { Operations as ServiceOperations } from '../../../kernel/service.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { parseInput } from '../../../wire/parse-input.js';
import { validationError } from '../errors.js';
import type { ResourceRecord, StackRecord } from '../stack/model.js';
import type { World } from '../stack/world.js';
import { eventShape, resourceDetail, resourceShape, resourceSummary, stackShape, stackSummary } from './stack-shape.js';

const Text = Type.Optional(Type.String({ minLength: 1 }));
const StackName = Type.String({ minLength: 1 });
const Paged = { NextToken: Type.Optional(Type.String()) };
const StacksInput = Type.Object({ StackName: Text, ...Paged });
const ListInput = Type.Object({ StackStatusFilter: Type.Optional(Type.Array(Type.String())), ...Paged });
const StackInput = Type.Object({ StackName, ...Paged });
const ResourcesInput = Type.Object({ StackName: Text, LogicalResourceId: Text, PhysicalResourceId: Text });
const ResourceInput = Type.Object({ StackName, LogicalResourceId: StackName });
const ExportInput = Type.Object({ ExportName: Type.String({ minLength: 1 }), ...Paged });

/** Events on a page of DescribeStackEvents, and items on one of the others. */
const pageSize = 100;

/** What tells of stacks and what they hold. */
export function describeOperations({ store }: World): ServiceOperations {
  const newestFirst = (stacks: readonly StackRecord[]) => sortedBy(stacks, stackKey).reverse();
  const allResources = (): { stack: StackRecord; resource: ResourceRecord }[] =>
    [...store.stacks.values()].flatMap((stack) => store.resourcesOf(stack.id).map((resource) => ({ stack, resource })));
  return {
    DescribeStacks(raw: unknown) {
      const input = parseInput(StacksInput, raw, 'ValidationError');
      if (input.StackName !== undefined) return { Stacks: [stackShape(store.get(input.StackName))] };
      const living = newestFirst([...store.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE'));
      const page = pageByPosition(living, input.NextToken);
      return { Stacks: page.items.map(stackShape), NextToken: page.nextToken };
    },

    ListStacks(raw: unknown) {
      const input = parseInput(ListInput, raw, 'ValidationError');
      const filter = input.StackStatusFilter ?? [];
      const stacks = [...store.stacks.values()].filter(({ status }) => filter.length === 0 || filter.includes(status));
      const page = pageByPosition(newestFirst(stacks), input.NextToken);
      return { StackSummaries: page.items.map(stackSummary), NextToken: page.nextToken };
    },

    DescribeStackEvents(raw: unknown) {
      const input = parseInput(StackInput, raw, 'ValidationError');
      const stack = store.get(input.StackName);
      const events = store.eventsOf(stack.id);
      // Newest first; a page goes on below the number of its last event, so that new events move nothing.
      const keyed = function* () {
        for (let index = events.length - 1; index >= 0; index -= 1) {
          const event = events[index];
          if (event !== undefined) yield { event, key: String(1e9 - index).padStart(10, '0') };
        }
      };
      const page = pageOf(keyed(), ({ key }) => key, {
        limit: pageSize,
        token: input.NextToken,
        code: 'ValidationError',
      });
      return { StackEvents: page.items.map(({ event }) => eventShape(stack, event)), NextToken: page.nextToken };
    },

    DescribeStackResources(raw: unknown) {
      const input = parseInput(ResourcesInput, raw, 'ValidationError');
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

    DescribeStackResource(raw: unknown) {
      const input = parseInput(ResourceInput, raw, 'ValidationError');
      const stack = store.get(input.StackName);
      const resource = store.resource(stack.id, input.LogicalResourceId);
      if (resource === undefined)
        throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      return { StackResourceDetail: resourceDetail(stack, resource) };
    },

    ListStackResources(raw: unknown) {
      const input = parseInput(StackInput, raw, 'ValidationError');
      const stack = store.get(input.StackName);
      const resources = sortedBy(store.resourcesOf(stack.id), logicalIdOf);
      const page = pageOf(resources, logicalIdOf, { limit: pageSize, token: input.NextToken, code: 'ValidationError' });
      return {
        StackResourceSummaries: page.items.map((resource) => resourceSummary(stack, resource)),
        NextToken: page.nextToken,
      };
    },

    ListExports(raw: unknown) {
      const input = parseInput(Type.Object(Paged), raw, 'ValidationError');
      const all = [...store.exports()].map(([Name, { stackId, value }]) => ({
        ExportingStackId: stackId,
        Name,
        Value: value,
      }));
      const page = pageOf(
        sortedBy(all, ({ Name }) => Name),
        ({ Name }) => Name,
        {
          limit: pageSize,
          token: input.NextToken,
          code: 'ValidationError',
        },
      );
      return { Exports: page.items, NextToken: page.nextToken };
    },

    ListImports(raw: unknown) {
      const input = parseInput(ExportInput, raw, 'ValidationError');
      const names = store.importersOf(input.ExportName).map(({ name }) => name);
      if (names.length === 0) throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
      const page = pageOf(
        sortedBy(names, (name) => name),
        (name) => name,
        {
          limit: pageSize,
          token: input.NextToken,
          code: 'ValidationError',
        },
      );
      return { Imports: page.items, NextToken: page.nextToken };
    },
  };
}

const logicalIdOf = ({ logicalId }: ResourceRecord) => logicalId;
const stackKey = ({ createdAt, id }: StackRecord) => `${createdAt} ${id}`;

/** Pages of stacks, newest first: the key counts down with time. */
function pageByPosition(newestFirst: readonly StackRecord[], token: string | undefined) {
  const keyOf = (stack: StackRecord) => `${String(1e15 - Date.parse(stack.createdAt)).padStart(16, '0')} ${stack.id}`;
  return pageOf(sortedBy(newestFirst, keyOf), keyOf, { limit: pageSize, token, code: 'ValidationError' });
}
