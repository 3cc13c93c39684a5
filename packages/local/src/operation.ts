import type { Static, TSchema } from 'typebox';
import { parseInput } from './wire/parse-input.js';
import type { Route } from './wire/route.js';

/** Who asked, for operations that need to know. */
export interface RequestContext {
  readonly requestId: string;
  /** Set when the caller hangs up. */
  readonly signal?: AbortSignal;
}

/**
 * An operation of an AWS service. Its schema is the one description of its input: it types the handler, checks what
 * callers send, and tells the Query and REST-JSON protocols which members are lists, numbers and booleans.
 */
export interface Operation {
  /** AWS's name, e.g. `CreateQueue`. */
  readonly name: string;
  readonly input: TSchema;
  /** Where a REST-JSON service has the operation; the other protocols name it in the request. */
  readonly route?: Route;
  /**
   * Parses the input and calls the handler.
   *
   * @throws AwsError in AWS's words when the input does not fit the schema, or whatever the handler throws
   */
  run(input: unknown, request: RequestContext): unknown;
}

/** A service's operations by name. */
export type Operations = ReadonlyMap<string, Operation>;

type Handler<S extends TSchema> = (input: Static<S>, request: RequestContext) => unknown;

/**
 * Makes the function with which a service declares its operations.
 *
 * @param invalidInput - the code of the error for input that does not fit: `ValidationException` in most services
 * @example
 * ```ts
 * const operation = operationFactory('InvalidParameter');
 * operation('DeleteTopic', Type.Object({ TopicArn: Type.String() }), ({ TopicArn }) => topics.delete(TopicArn));
 * ```
 */
export function operationFactory(invalidInput: string) {
  return <const S extends TSchema>(name: string, input: S, handler: Handler<S>): Operation => ({
    name,
    input,
    run: (given, request) => handler(parseInput(input, given, invalidInput), request),
  });
}

/** As {@link operationFactory}, for a REST-JSON service, whose operations have routes. */
export function routedOperationFactory(invalidInput: string) {
  const operation = operationFactory(invalidInput);
  return <const S extends TSchema>(name: string, route: Route, input: S, handler: Handler<S>): Operation => ({
    ...operation(name, input, handler),
    route,
  });
}

/** Gathers the operations of a service. */
export function operationTable(...lists: readonly (readonly Operation[])[]): Operations {
  return new Map(lists.flat().map((operation) => [operation.name, operation]));
}
