import { type Static, Type } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { parseFunctionReference } from '../function-reference.js';
import type { EventInvokeConfigRecord } from '../model.js';
import { functionName, operation, paging, route, text } from '../operation.js';
import { page } from '../page.js';
import { type FunctionRegistry, key } from '../registry.js';

const path = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const target = { FunctionName: functionName, Qualifier: text };
const destination = Type.Optional(Type.Object({ Destination: Type.Optional(Type.String({ pattern: '^$|^arn:' })) }));
const settings = {
  MaximumRetryAttempts: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
  MaximumEventAgeInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 21_600 })),
  DestinationConfig: Type.Optional(Type.Object({ OnSuccess: destination, OnFailure: destination })),
};
const putInput = Type.Object({ ...target, ...settings });
const oneInput = Type.Object(target);
const listInput = Type.Object({ FunctionName: functionName, ...paging });

/** Retries, maximum age and destinations of asynchronous invocations. */
export function eventInvokeConfigOperations(registry: FunctionRegistry): Operation[] {
  const locate = (input: Static<typeof oneInput>) => {
    const reference = parseFunctionReference(input.FunctionName, input.Qualifier);
    registry.resolve(reference, 1);
    const qualifier = reference.qualifier ?? '$LATEST';
    return { functionName: reference.name, qualifier, id: key(reference.name, qualifier) };
  };

  const existing = (input: Static<typeof oneInput>) => {
    const { id, functionName, qualifier } = locate(input);
    const config = registry.eventInvokeConfigs.get(id);
    if (config === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `The function ${registry.arn(functionName, qualifier)} doesn't have an EventInvokeConfig`,
        { status: 404, members: { Type: 'User' } },
      );
    return { id, config };
  };

  const describe = (config: EventInvokeConfigRecord) => ({
    FunctionArn: registry.arn(config.functionName, config.qualifier),
    LastModified: new Date(config.lastModified),
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
      OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
    },
  });

  const save = (id: string, config: EventInvokeConfigRecord) => {
    registry.eventInvokeConfigs.set(id, config);
    return describe(config);
  };

  return [
    operation('PutFunctionEventInvokeConfig', route('PUT', path), putInput, (input) => {
      const { id, functionName, qualifier } = locate(input);
      return save(id, { functionName, qualifier, ...read(input), lastModified: new Date().toISOString() });
    }),

    operation('UpdateFunctionEventInvokeConfig', route('POST', path), putInput, (input) => {
      const { id, config } = existing(input);
      return save(id, { ...config, ...read(input), lastModified: new Date().toISOString() });
    }),

    operation('GetFunctionEventInvokeConfig', route('GET', path), oneInput, (input) => {
      return describe(existing(input).config);
    }),

    operation('DeleteFunctionEventInvokeConfig', route('DELETE', path, 204), oneInput, (input) => {
      registry.eventInvokeConfigs.delete(existing(input).id);
      return {};
    }),

    operation('ListFunctionEventInvokeConfigs', route('GET', `${path}/list`), listInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const all = [...registry.eventInvokeConfigs.values()].filter((config) => config.functionName === name);
      const { items, ...next } = page(all, input);
      return { FunctionEventInvokeConfigs: items.map(describe), ...next };
    }),
  ];
}

/** The members given in the input, under the engine's names. */
function read(input: Static<typeof putInput>): Partial<EventInvokeConfigRecord> {
  const onSuccess = input.DestinationConfig?.OnSuccess?.Destination;
  const onFailure = input.DestinationConfig?.OnFailure?.Destination;
  return {
    ...present({
      maximumRetryAttempts: input.MaximumRetryAttempts,
      maximumEventAgeSeconds: input.MaximumEventAgeInSeconds,
    }),
    ...(onSuccess ? { onSuccess } : {}),
    ...(onFailure ? { onFailure } : {}),
  };
}
