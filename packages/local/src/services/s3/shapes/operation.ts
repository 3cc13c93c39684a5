import type { Static, TObject } from 'typebox';
import { type Operation, operationFactory, type RequestContext } from '../../../operation.js';

const operation = operationFactory('InvalidArgument');

/** An S3 operation as data: the HTTP form of its request, and the shapes of its input and output. */
export interface OperationModel<I extends TObject = TObject, O extends TObject = TObject> {
  /** AWS's name: `PutObject`. */
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly target: 'service' | 'bucket' | 'object';
  /** Required query parameters: `versioning`, or `partNumber` and `uploadId`. `name=value` also requires the value. */
  readonly query?: readonly string[];
  /** A required header. */
  readonly header?: string;
  /** Status of a success; default 200. */
  readonly status?: number;
  readonly input: I;
  readonly output: O;
  /** The root element of the response's XML, where members of the output are its children. */
  readonly root?: string;
}

/** The caller, with the fields that S3 needs in addition to the engine's request context. */
export interface S3Request extends RequestContext {
  /** The client's address; absent for calls inside the engine. */
  readonly sourceAddress?: string | undefined;
}

/** Optional members may be present as `undefined`: the wire omits them. */
export type Loose<T> = T extends Date | AsyncIterable<unknown>
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : T extends object
      ? { [K in keyof T]: Record<never, never> extends Pick<T, K> ? Loose<T[K]> | undefined : Loose<T[K]> }
      : T;

/** An operation with its HTTP model. */
export interface Implementation extends Operation {
  readonly model: OperationModel;
  run(input: unknown, request: S3Request): Promise<Readonly<Record<string, unknown>>>;
}

/** Combines a model and its code; the input of the code has been validated against the model's schema. */
export function implement<I extends TObject, O extends TObject>(
  model: OperationModel<I, O>,
  code: (input: Static<I>, request: S3Request) => Promise<Loose<Static<O>>> | Loose<Static<O>>,
): Implementation {
  const { run, ...named } = operation(model.name, model.input, code);
  return { ...named, model, run: async (input, request) => ({ ...Object(await run(input, request)) }) };
}
