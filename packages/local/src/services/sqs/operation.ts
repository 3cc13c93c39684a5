import Type, { type TSchema } from 'typebox';
import { operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

export const invalid = 'InvalidParameterValue';

const declared = operationFactory(invalid);

/** Like every operation, but SQS has an error of its own for a member that is missing. */
export const operation: typeof declared = (name, input, handler) => {
  const { run, ...rest } = declared(name, input, handler);
  return { ...rest, run: (given, request) => run(required(input, given), request) };
};

function required(input: TSchema, given: unknown): unknown {
  const names: unknown = 'required' in input ? input.required : [];
  const missing = (Array.isArray(names) ? names : []).find(
    (name) => typeof given !== 'object' || given === null || Reflect.get(given, name) === undefined,
  );
  if (missing === undefined) return given;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${missing}.`);
}

export const invalidParameter = (message: string) => new AwsError(invalid, message);

export const queueUrl = Type.String({ minLength: 1 });
export const textMap = Type.Record(Type.String(), Type.String());
export const names = Type.Optional(Type.Array(Type.String()));
export const integer = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
