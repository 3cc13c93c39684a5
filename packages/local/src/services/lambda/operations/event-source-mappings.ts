import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { EventSourcePollers } from '../event-sources/pollers.js';
import { visibilityTimeout } from '../event-sources/visibility-timeout.js';
import { parseFunctionReference } from '../function-reference.js';
import type { EventSourceMappingRecord } from '../model.js';
import { functionName, operation, paging, route, text, textMap } from '../operation.js';
import { page } from '../page.js';
import type { FunctionRegistry } from '../registry.js';

const path = '/2015-03-31/event-source-mappings';
const onePath = `${path}/{UUID}`;
/** More messages than ten are only collected within a batching window. */
const mostWithoutWindow = 10;

const settings = {
  Enabled: Type.Optional(Type.Boolean()),
  BatchSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  MaximumBatchingWindowInSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 300 })),
  FunctionResponseTypes: Type.Optional(Type.Array(Type.Literal('ReportBatchItemFailures'), { maxItems: 1 })),
  ScalingConfig: Type.Optional(
    Type.Object({ MaximumConcurrency: Type.Optional(Type.Integer({ minimum: 2, maximum: 1000 })) }),
  ),
};
const createInput = Type.Object({
  FunctionName: functionName,
  EventSourceArn: Type.String({ pattern: '^arn:[a-z-]+:sqs:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]+$' }),
  Tags: Type.Optional(textMap),
  ...settings,
});
const updateInput = Type.Object({ UUID: Type.String(), FunctionName: Type.Optional(functionName), ...settings });
const oneInput = Type.Object({ UUID: Type.String() });
const listInput = Type.Object({ EventSourceArn: text, FunctionName: Type.Optional(functionName), ...paging });

/** Event source mappings of SQS queues. */
export function eventSourceMappingOperations(
  { partition, region, accountId, call, iam }: EngineContext,
  registry: FunctionRegistry,
  pollers: EventSourcePollers,
): Operation[] {
  const mappings = registry.eventSourceMappings;

  const existing = (uuid: string): EventSourceMappingRecord => {
    const mapping = mappings.get(uuid);
    if (mapping === undefined)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
        status: 404,
        members: { Type: 'User' },
      });
    return mapping;
  };

  const describe = (mapping: EventSourceMappingRecord, state = mapping.enabled ? 'Enabled' : 'Disabled') => ({
    UUID: mapping.uuid,
    EventSourceMappingArn: `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${mapping.uuid}`,
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: registry.arn(mapping.functionName, mapping.qualifier),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ...(mapping.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    LastModified: new Date(mapping.lastModified),
    State: mapping.deleting === true ? 'Deleting' : state,
    StateTransitionReason: 'USER_INITIATED',
  });

  const save = (mapping: EventSourceMappingRecord, state: string) => {
    const record = { ...mapping, lastModified: new Date().toISOString() };
    mappings.set(record.uuid, record);
    pollers.follow(record.uuid);
    return describe(record, state);
  };

  /** The function must exist, and its timeout must fit into the queue's visibility timeout. */
  const checked = async (mapping: Omit<EventSourceMappingRecord, 'lastModified'>) => {
    const { functionName: name, qualifier, eventSourceArn, batchSize, batchingWindowSeconds } = mapping;
    const { version } = registry.resolve({ name, qualifier }, 1);
    if (batchSize > mostWithoutWindow && batchingWindowSeconds === 0)
      throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
    checkRole(version.configuration.role, eventSourceArn);
    const visibilitySeconds = await visibilitySecondsOf(eventSourceArn);
    const { timeoutSeconds } = version.configuration;
    if (visibilitySeconds < timeoutSeconds)
      throw invalid(
        `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
      );
    return { ...mapping, lastModified: '' };
  };

  /** Lambda reads the queue with the function's role. */
  const checkRole = (role: string, queueArn: string): void => {
    for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
      if (iam?.roleHas(role, { action: `sqs:${action}`, resource: queueArn }) === false)
        throw invalid(`The provided execution role does not have permissions to call ${action} on SQS`);
  };

  const visibilitySecondsOf = async (queueArn: string): Promise<number> => {
    try {
      return await visibilityTimeout(call, queueArn.split(':').at(-1) ?? '');
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'QueueDoesNotExist') throw error;
      throw invalid(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      );
    }
  };

  return [
    operation('CreateEventSourceMapping', route('POST', path, 202), createInput, async (input) => {
      const { name, qualifier } = parseFunctionReference(input.FunctionName, undefined);
      const mapping = await checked({
        uuid: randomUUID(),
        eventSourceArn: input.EventSourceArn,
        functionName: name,
        ...present({ qualifier }),
        ...defaults,
        ...changes(input),
        tags: input.Tags ?? {},
      });
      for (const other of mappings.values())
        if (other.eventSourceArn === mapping.eventSourceArn && other.functionName === name)
          throw new AwsError(
            'ResourceConflictException',
            `An event source mapping with SQS arn (" ${mapping.eventSourceArn} ") and function (" ${name} ") already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
            { status: 409, members: { Type: 'User' } },
          );
      return save(mapping, 'Creating');
    }),

    operation('UpdateEventSourceMapping', route('PUT', onePath, 202), updateInput, async (input) => {
      const mapping = existing(input.UUID);
      if (mapping.deleting === true) throw inUse();
      const { qualifier: _, ...rest } = mapping;
      const reference =
        input.FunctionName === undefined
          ? { name: mapping.functionName, qualifier: mapping.qualifier }
          : parseFunctionReference(input.FunctionName, undefined);
      const { maximumConcurrency: __, ...withoutLimit } = rest;
      // An empty ScalingConfig removes the limit.
      const base = input.ScalingConfig === undefined ? rest : withoutLimit;
      const changed = await checked({
        ...base,
        functionName: reference.name,
        ...present({ qualifier: reference.qualifier }),
        ...changes(input),
      });
      return save(
        changed,
        changed.enabled === mapping.enabled ? 'Updating' : changed.enabled ? 'Enabling' : 'Disabling',
      );
    }),

    operation('GetEventSourceMapping', route('GET', onePath), oneInput, (input) => describe(existing(input.UUID))),

    operation('DeleteEventSourceMapping', route('DELETE', onePath, 202), oneInput, (input) => {
      const mapping = existing(input.UUID);
      if (mapping.deleting === true) throw inUse();
      return save({ ...mapping, deleting: true }, 'Deleting');
    }),

    operation('ListEventSourceMappings', route('GET', path), listInput, (input) => {
      const reference =
        input.FunctionName === undefined ? undefined : parseFunctionReference(input.FunctionName, undefined);
      const all = [...mappings.values()].filter(
        (mapping) =>
          (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn) &&
          (reference === undefined ||
            (mapping.functionName === reference.name && mapping.qualifier === reference.qualifier)),
      );
      const { items, ...next } = page(all, input);
      return { EventSourceMappings: items.map((mapping) => describe(mapping)), ...next };
    }),
  ];
}

const defaults = { enabled: true, batchSize: 10, batchingWindowSeconds: 0, reportsFailures: false };

/** The settings in the input, under the engine's names. */
function changes(input: Omit<Static<typeof updateInput>, 'FunctionName' | 'UUID'>) {
  return present({
    enabled: input.Enabled,
    batchSize: input.BatchSize,
    batchingWindowSeconds: input.MaximumBatchingWindowInSeconds,
    reportsFailures: input.FunctionResponseTypes && input.FunctionResponseTypes.length > 0,
    maximumConcurrency: input.ScalingConfig?.MaximumConcurrency,
  });
}

const invalid = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } });

const inUse = () =>
  new AwsError('ResourceInUseException', 'Cannot update the event source mapping because it is in use.', {
    members: { Type: 'User' },
  });
