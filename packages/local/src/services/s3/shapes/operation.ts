import type { Static, TObject } from 'typebox';
import { type Operation, operationFactory, type RequestContext } from '../../../operation.js';

const operation = operationFactory('InvalidArgument');

/** An S3 operation as data: how its request looks in HTTP, and the shapes of its input and output. */
export interface OperationModel<I extends TObject = TObject, O extends TObject = TObject> {
  /** AWS's name: `PutObject`. */
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly target: 'service' | 'bucket' | 'object';
  /** Query parameters that must be there: `versioning`, or `partNumber` and `uploadId`. `name=value` asks for the value. */
  readonly query?: readonly string[];
  /** A header that must be there. */
  readonly header?: string;
  /** Of a success; 200 when absent. */
  readonly status?: number;
  readonly input: I;
  readonly output: O;
  /** The root element of the response's XML, where members of the output are its children. */
  readonly root?: string;
}

/** Who asked, with what S3 needs beyond the engine's own request context. */
export interface S3Request extends RequestContext {
  /** The client's address; absent for calls inside the engine. */
  readonly sourceAddress?: string | undefined;
}

/** Optional members may be present as `undefined`: the wire leaves them out. */
export type Loose<T> = T extends Date | AsyncIterable<unknown>
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : T extends object
      ? { [K in keyof T]: Record<never, never> extends Pick<T, K> ? Loose<T[K]> | undefined : Loose<T[K]> }
      : T;

/** An operation with its place in HTTP. */
export interface Implementation extends Operation {
  readonly model: OperationModel;
  run(input: unknown, request: S3Request): Promise<Readonly<Record<string, unknown>>>;
}

/** Joins a model and its code; the code sees input that was checked against the model's schema. */
export function implement<I extends TObject, O extends TObject>(
  model: OperationModel<I, O>,
  code: (input: Static<I>, request: S3Request) => Promise<Loose<Static<O>>> | Loose<Static<O>>,
): Implementation {
  const { run, ...named } = operation(model.name, model.input, code);
  return { ...named, model, run: async (input, request) => ({ ...Object(await run(input, request)) }) };
}
