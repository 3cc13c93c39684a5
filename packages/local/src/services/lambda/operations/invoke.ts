import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Route } from '../../../wire/route.js';
import type { AsyncQueue } from '../async-queue.js';
import type { WorkerFleet } from '../fleet.js';
import { parseFunctionReference } from '../function-reference.js';
import { functionName, oneFunction, operation, text } from '../operation.js';
import type { FunctionRegistry } from '../registry.js';

const invokeInput = Type.Object({
  FunctionName: functionName,
  Qualifier: text,
  InvocationType: Type.Optional(
    Type.Union([Type.Literal('RequestResponse'), Type.Literal('Event'), Type.Literal('DryRun')], {
      header: 'x-amz-invocation-type',
    }),
  ),
  LogType: Type.Optional(Type.Union([Type.Literal('None'), Type.Literal('Tail')], { header: 'x-amz-log-type' })),
  /** Base64 of JSON. */
  ClientContext: Type.Optional(Type.String({ header: 'x-amz-client-context' })),
  Payload: Type.Optional(Type.Unknown({ payload: true })),
});

const invocation: Route = {
  method: 'POST',
  path: `${oneFunction}/invocations`,
  response: {
    statusMember: 'StatusCode',
    headers: {
      FunctionError: 'X-Amz-Function-Error',
      ExecutedVersion: 'X-Amz-Executed-Version',
      LogResult: 'X-Amz-Log-Result',
    },
    payload: 'Payload',
  },
};

/** Lambda's quotas "Invocation payload (request and response)". */
const synchronousBytesLimit = 6_291_456;
const asynchronousBytesLimit = 1_048_576;

/** Invoking functions. */
export function invokeOperations(registry: FunctionRegistry, fleet: WorkerFleet, queue: AsyncQueue): Operation[] {
  return [
    operation('Invoke', invocation, invokeInput, async (input, request) => {
      const reference = parseFunctionReference(input.FunctionName, input.Qualifier);
      // Unlike every other operation, Invoke names the version that it did not find.
      if (!registry.functions.has(reference.name))
        throw registry.notFound(reference.name, reference.qualifier ?? '$LATEST');
      const target = registry.resolve(reference, Math.random());
      const type = input.InvocationType ?? 'RequestResponse';
      if (type === 'DryRun') return { StatusCode: 204 };
      const payload = readPayload(input.Payload, type === 'Event' ? asynchronousBytesLimit : synchronousBytesLimit);
      const clientContext =
        input.ClientContext === undefined ? undefined : Buffer.from(input.ClientContext, 'base64').toString('utf8');
      const call = { requestId: request.requestId, payload, ...(clientContext === undefined ? {} : { clientContext }) };
      if (type === 'Event') {
        await queue.accept({ ...call, functionName: reference.name, qualifier: reference.qualifier });
        return { StatusCode: 202 };
      }
      if (registry.function(reference.name).reservedConcurrency === 0)
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
          status: 429,
          members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
        });
      if (fleet.isFull)
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
          status: 429,
          members: { Reason: 'ConcurrentInvocationLimitExceeded', Type: 'User' },
        });
      const outcome = await fleet.run(target.version, { ...call, invokedArn: target.invokedArn });
      const answer = bounded(outcome);
      return {
        StatusCode: 200,
        ExecutedVersion: target.version.version,
        Payload: Buffer.from(answer.payload),
        ...(answer.failed ? { FunctionError: 'Unhandled' } : {}),
        ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(outcome.logTail).toString('base64') } : {}),
      };
    }),
  ];
}

/** The payload as JSON text; an absent payload becomes `{}`, as in Lambda. */
function readPayload(payload: unknown, limit: number): string {
  const text = payload instanceof Uint8Array ? Buffer.from(payload).toString('utf8') : String(payload ?? '');
  const bytes = Buffer.byteLength(text);
  if (bytes > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `${bytes} byte payload is too large for the invocation type (limit ${limit} bytes)`,
      { status: 413, members: { Type: 'User' } },
    );
  if (text.trim() === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`,
      { members: { Type: 'User' } },
    );
  }
}

function bounded(outcome: { readonly failed: boolean; readonly payload: string }) {
  if (Buffer.byteLength(outcome.payload) <= synchronousBytesLimit) return outcome;
  const error = {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${synchronousBytesLimit} bytes).`,
  };
  return { failed: true, payload: JSON.stringify(error) };
}
