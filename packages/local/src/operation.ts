import type { Static, TSchema } from 'typebox';
import type { Caller } from './kernel/access/caller.js';
import { parseInput } from './wire/parse-input.js';
import type { Route } from './wire/route.js';

/** The caller, for operations that need it. */
export interface RequestContext {
  readonly requestId: string;
  /** The region that the client called; absent for calls inside the engine. */
  readonly region?: string | undefined;
  /** Aborted when the caller disconnects. */
  readonly signal?: AbortSignal;
  /** Who makes the call; absent: the engine itself. */
  readonly caller?: Caller;
}

/**
 * An operation of an AWS service. Its schema is the only description of its input: it types the handler, validates
 * requests, and gives the Query and REST-JSON protocols the types of members (lists, numbers, booleans).
 */
export interface Operation {
  /** AWS's name, e.g. `CreateQueue`. */
  readonly name: string;
  readonly input: TSchema;
  /** Route of the operation in a REST-JSON service; the other protocols name the operation in the request. */
  readonly route?: Route;
  /**
   * Parses the input and calls the handler.
   *
   * @throws AwsError with AWS's message when the input does not fit the schema, or any error that the handler throws
   */
  run(input: unknown, request: RequestContext): unknown;
}

/** A service's operations by name. */
export type Operations = ReadonlyMap<string, Operation>;

type Handler<S extends TSchema> = (input: Static<S>, request: RequestContext) => unknown;

/**
 * Returns the function with which a service declares its operations.
 *
 * @param invalidInput - error code for invalid input: `ValidationException` in most services
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

/** Like {@link operationFactory}, for a REST-JSON service, whose operations have routes. */
export function routedOperationFactory(invalidInput: string) {
  const operation = operationFactory(invalidInput);
  return <const S extends TSchema>(name: string, route: Route, input: S, handler: Handler<S>): Operation => ({
    ...operation(name, input, handler),
    route,
  });
}

/** Collects the operations of a service. */
export function operationTable(...lists: readonly (readonly Operation[])[]): Operations {
  return new Map(lists.flat().map((operation) => [operation.name, operation]));
}
