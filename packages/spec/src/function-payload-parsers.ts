import { Type } from 'typebox';
import type {
  ChooseRequest,
  GatherRequest,
  InitializeRequest,
  ScatterRequest,
  SubpipeRetrieveRequest,
  SubpipeSubmitRequest,
} from './function-payloads.js';
import { execution, launchPayload, read, repositoryLocation, statePayload, texts } from './payload-parsers.js';

const initializeRequest = Type.Object({
  workflow: Type.String({ minLength: 1 }),
  repository: Type.String({ minLength: 1 }),
  job_schema: Type.Optional(Type.String({ minLength: 2 })),
  execution,
  input: Type.Union([statePayload, launchPayload]),
});

const stepRequest = { step: Type.String({ minLength: 1 }), payload: statePayload };

const scatterItems = Type.Union([
  Type.String(),
  Type.Array(
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Type.Record(Type.String(), Type.Unknown())]),
  ),
]);

const scatterQuery = Type.Object({
  from: scatterItems,
  where: Type.Optional(Type.String({ minLength: 1 })),
  group_by: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
});

const scatterRequest = Type.Object({
  ...stepRequest,
  scatter: Type.Record(Type.String(), Type.Union([scatterItems, scatterQuery])),
  zip: Type.Optional(Type.Array(Type.String())),
  order: Type.Optional(Type.Array(Type.String())),
  inputs: texts,
  outputs: texts,
});

const gatherRequest = Type.Object({ ...stepRequest, outputs: texts });

const chooseRequest = Type.Object({
  ...stepRequest,
  inputs: texts,
  mode: Type.Union([Type.Literal('first'), Type.Literal('every')]),
  conditions: Type.Array(Type.Union([Type.String(), Type.Null()])),
});

const subpipeSubmitRequest = Type.Object({
  ...stepRequest,
  subpipe: Type.String({ minLength: 1 }),
  job_data: Type.Optional(Type.String({ minLength: 1 })),
  caller: Type.String({ minLength: 1 }),
  entered: Type.String({ minLength: 1 }),
});

const subpipeRetrieveRequest = Type.Object({
  ...stepRequest,
  source: repositoryLocation,
  target: Type.Optional(repositoryLocation),
  execution: Type.Optional(
    Type.Object({ state_machine: Type.String({ minLength: 1 }), name: Type.String({ minLength: 1 }) }),
  ),
  retrieve: Type.Array(Type.Object({ from: Type.String({ minLength: 1 }), to: Type.String({ minLength: 1 }) })),
});

/**
 * Parses the request of the `Initialize` state to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseInitializeRequest(value: unknown): InitializeRequest {
  return read(initializeRequest, value, 'The request of the Initialize state');
}

/**
 * Parses the request of a scatter's first state to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseScatterRequest(value: unknown): ScatterRequest {
  return read(scatterRequest, value, 'The request of a scatter step');
}

/**
 * Parses the request of a scatter's last state to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseGatherRequest(value: unknown): GatherRequest {
  return read(gatherRequest, value, "The request of a scatter step's last state");
}

/**
 * Parses the request of a chooser or parallel chooser to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseChooseRequest(value: unknown): ChooseRequest {
  return read(chooseRequest, value, 'The request of a chooser');
}

/**
 * Parses the request of a subpipe's first state to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseSubpipeSubmitRequest(value: unknown): SubpipeSubmitRequest {
  return read(subpipeSubmitRequest, value, 'The request of a subpipe');
}

/**
 * Parses the request of a subpipe's last state to its function.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseSubpipeRetrieveRequest(value: unknown): SubpipeRetrieveRequest {
  return read(subpipeRetrieveRequest, value, "The request of a subpipe's last state");
}
