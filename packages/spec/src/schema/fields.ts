import { type TProperties, type TSchema, Type } from 'typebox';

/*
 * Parts that the schemas share. `expects` completes "`field` must be …" in messages; `${…}` is allowed wherever a
 * CloudFormation parameter may supply the value, because the published schema is used before substitution.
 */

/** An example of an IAM role ARN. */
export const exampleRole = 'arn:aws:iam::123456789012:role/my-jobs';

/** A text. */
export const text = (expects: string, options: object = {}) => Type.String({ minLength: 1, expects, ...options });

/** A whole number, also as a text of digits or `${Parameter}`. */
export const wholeNumber = (minimum: number, expects = `a whole number of at least ${minimum}`, options: object = {}) =>
  Type.Union([Type.Integer({ minimum }), Type.String({ pattern: '^\\s*[0-9]+\\s*$|\\$\\{' })], {
    expects,
    ...options,
  });

/** A number, also as a text or `${Parameter}`. */
export const decimal = (minimum: number, expects: string, options: object = {}) =>
  Type.Union([Type.Number({ minimum }), Type.String({ pattern: '^\\s*[0-9]+(\\.[0-9]+)?\\s*$|\\$\\{' })], {
    expects,
    ...options,
  });

/** `true` or `false`, also as a text in any case. */
export const flag = (options: object = {}) =>
  Type.Union([Type.Boolean(), Type.String({ pattern: '^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$|\\$\\{' })], {
    expects: 'true or false',
    ...options,
  });

// The pattern of Type.String() would not match names with line breaks, so their values would not be checked.
export const anyNamePattern = '^';
const anyName = Type.String({ pattern: anyNamePattern });

/** A map of names, or the same as a list of maps with one entry each. */
export const named = <Value extends TSchema>(value: Value, expects: string, options: object = {}) =>
  Type.Union(
    [
      Type.Record(anyName, value),
      Type.Array(Type.Record(anyName, value, { minProperties: 1, maxProperties: 1, expects })),
    ],
    { expects, ...options },
  );

/** One value or a list of them. */
export const oneOrMore = <Value extends TSchema>(value: Value, expects: string, options: object = {}) =>
  Type.Union([value, Type.Array(value, { minItems: 1 })], { expects, ...options });

/** A map with exactly these fields. */
export const fields = <Properties extends TProperties>(properties: Properties, options: object = {}) =>
  Type.Object(properties, { additionalProperties: false, expects: 'a map', ...options });

/** A nested block of steps: checked step by step; in the published schema, a reference to `steps`. */
export const stepsBlock = (description: string) =>
  Type.Unknown({ description, isStepsBlock: true, expects: 'a list of steps' });

/** Returns true if a schema is one of {@link stepsBlock}. */
export const isStepsBlock = (schema: object): boolean => 'isStepsBlock' in schema && schema.isStepsBlock === true;

export const shell = (description: string) =>
  Type.Union(
    [Type.Literal('sh'), Type.Literal('bash'), Type.Literal('sh-pipefail'), Type.String({ pattern: '\\$\\{' })],
    {
      expects: 'sh, bash or sh-pipefail',
      description,
      default: 'sh',
    },
  );

export const tags = (description: string) =>
  named(
    Type.Union([Type.String(), Type.Number(), Type.Boolean()], { expects: 'a text' }),
    'a map of tags, name: value',
    {
      description,
      examples: [{ project: 'lambda' }],
    },
  );

/** A condition in Python’s expression syntax. */
export const condition = text('a condition', {
  description: 'A condition in Python’s expression syntax.',
  examples: ['job.kind == "rna"'],
});

export const files = (description: string, examples: unknown[]) =>
  named(text('a file'), 'a map, name: file', { description, examples });

/** The fields of every step except a chooser. */
export const flow = {
  next: Type.Optional(
    text('the name of a step', {
      description: 'The step of the same block that follows this one. Not together with `end`.',
      examples: ['summarise'],
    }),
  ),
  end: Type.Optional(
    flag({ description: 'Whether the block ends after this step. Not together with `next`.', default: false }),
  ),
};
