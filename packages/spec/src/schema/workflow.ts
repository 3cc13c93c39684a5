import { type Static, Type } from 'typebox';
import { defaultMacroName } from '../contract.js';
import { anyNamePattern, exampleRole, fields, flag, shell, stepsBlock, tags, text } from './fields.js';

/** `Options` of a template. */
const optionsSchema = fields(
  {
    versioned: Type.Optional(
      flag({ description: 'Whether every deployment makes a new version that can be rolled back to.', default: false }),
    ),
    pin_images: Type.Optional(
      Type.Union(
        [
          Type.Boolean(),
          Type.String({ pattern: '^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|best-effort)\\s*$|\\$\\{' }),
        ],
        {
          expects: 'true, false or best-effort',
          description:
            'Whether a deployment replaces image tags by the digests that they name at that moment, so that a rollback brings the very images back. `best-effort`: where the registry provides them.',
          default: false,
          examples: ['best-effort'],
        },
      ),
    ),
    shell: Type.Optional(
      shell(
        'Shell of the commands: `sh` (`sh -veu`), `bash` (`bash -veuo pipefail`) or `sh-pipefail` (`sh -veuo pipefail`).',
      ),
    ),
    task_role: Type.Optional(
      text('the ARN of an IAM role', { description: 'IAM role of the jobs.', examples: [exampleRole] }),
    ),
    missing_outputs: Type.Optional(
      Type.Union([Type.Literal('fail'), Type.Literal('warn')], {
        expects: 'fail or warn',
        description:
          'What happens when commands end well without having written an output: the job fails, or only says so.',
        default: 'fail',
        examples: ['warn'],
      }),
    ),
    job_values: Type.Optional(
      Type.Union([Type.Literal('verbatim'), Type.Literal('quoted')], {
        expects: 'verbatim or quoted',
        description:
          'What `${job.x}` is in commands: text for the shell to read, or, quoted for the shell, one word that reaches the program as it is.',
        default: 'verbatim',
        examples: ['quoted'],
      }),
    ),
    s3_tags: Type.Optional(tags('Tags of all uploaded outputs.')),
    job_tags: Type.Optional(tags('Tags of all Batch jobs.')),
  },
  { description: 'Settings of the whole workflow.', examples: [{ versioned: true, shell: 'bash' }] },
);

export type OptionsTemplate = Static<typeof optionsSchema>;

const bound = (description: string, example: number) =>
  Type.Optional(Type.Union([Type.Number(), Type.String()], { expects: 'a number', description, examples: [example] }));

/** A CloudFormation parameter, copied to the stack: the attributes are CloudFormation's. */
const parameterSchema = fields(
  {
    Type: text('a CloudFormation parameter type, such as String', {
      pattern:
        '^(String|Number|CommaDelimitedList|List<(String|Number|AWS::[A-Za-z0-9:]+)>|AWS::[A-Za-z0-9:]+(<.+>)?)$',
      description: 'Type of the value: `String`, `Number`, `CommaDelimitedList` or one of AWS’s own.',
      examples: ['String', 'Number'],
    }),
    Default: Type.Optional(
      Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
        expects: 'a text or a number',
        description: 'The value when a deployment gives none.',
        examples: ['my-bucket'],
      }),
    ),
    NoEcho: Type.Optional(flag({ description: 'Whether CloudFormation hides the value.', default: false })),
    Description: Type.Optional(
      Type.String({
        expects: 'a text',
        description: 'What the parameter is for.',
        examples: ['Bucket of the results'],
      }),
    ),
    AllowedPattern: Type.Optional(
      Type.String({
        expects: 'a regular expression',
        description: 'Regular expression that the value has to match.',
        examples: ['[a-z][a-z0-9-]*'],
      }),
    ),
    AllowedValues: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        expects: 'a list of values',
        description: 'The only values that the parameter may have.',
        examples: [['fast', 'exact']],
      }),
    ),
    ConstraintDescription: Type.Optional(
      Type.String({
        expects: 'a text',
        description: 'The message that CloudFormation shows for a value that is not allowed.',
        examples: ['Lower-case letters, digits and dashes.'],
      }),
    ),
    MinLength: bound('Least number of characters.', 1),
    MaxLength: bound('Greatest number of characters.', 63),
    MinValue: bound('Least value of a `Number`.', 1),
    MaxValue: bound('Greatest value of a `Number`.', 100),
  },
  { expects: 'a map with Type and, usually, Default' },
);

/** The editor's description of a keyword that the published schema does not describe. */
const otherKeyword = { description: 'A keyword of JSON Schema.', examples: [true] };

/** The schema of one value of the job, for editors. */
const jobValueSchema = {
  type: ['object', 'boolean'],
  description: 'Schema of the value.',
  examples: [{ type: 'string' }],
  properties: {
    type: {
      anyOf: [
        { enum: ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] },
        { type: 'array', items: { type: 'string' } },
      ],
      description: 'Type of the value, or a list of types.',
      examples: ['string'],
    },
    enum: { type: 'array', description: 'The only values that it may have.', examples: [['fast', 'exact']] },
    pattern: {
      type: 'string',
      description: 'Regular expression that a text has to match.',
      examples: ['^[A-Z0-9-]+$'],
    },
    minimum: { type: ['number', 'string'], description: 'Least value of a number.', examples: [1] },
    maximum: { type: ['number', 'string'], description: 'Greatest value of a number.', examples: [100] },
    items: { description: 'Schema of the items of a list.', examples: [{ type: 'string' }] },
    description: { type: 'string', description: 'What the value is for.', examples: ['Name of the sample'] },
  },
};

/** The top level of a template, by its keys in their proper spelling. */
export const topLevel = {
  AWSTemplateFormatVersion: Type.Optional(
    Type.Unknown({ description: 'CloudFormation’s own; bclaw ignores it.', examples: ['2010-09-09'] }),
  ),
  Description: Type.Optional(
    text('a text', { description: 'What the workflow does.', examples: ['Calls the variants of a sample'] }),
  ),
  Transform: Type.Optional(
    Type.Unknown({
      description: 'The macro that compiles the template in CloudFormation.',
      examples: [defaultMacroName],
    }),
  ),
  Repository: text('an S3 URI', {
    pattern: '^\\s*s3://[^/\\s]|^\\s*\\$\\{',
    expects: 'an S3 URI, such as s3://bucket/my-workflow/${job.SAMPLE_ID}',
    description: 'Where a job’s files are: `s3://bucket/prefix`, normally with `${job.…}` in it.',
    examples: ['s3://my-bucket/my-workflow/${job.SAMPLE_ID}'],
  }),
  Parameters: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z0-9]+$' }), parameterSchema, {
      additionalProperties: false,
      expects: 'a map of CloudFormation parameters',
      description: 'CloudFormation parameters; `${Name}` anywhere in the template is replaced at compile time.',
      examples: [{ Bucket: { Type: 'String', Default: 'my-bucket' } }],
    }),
  ),
  Options: Type.Optional(optionsSchema),
  JobSchema: Type.Optional(
    Type.Record(Type.String({ pattern: anyNamePattern }), Type.Unknown(otherKeyword), {
      expects: 'a JSON Schema',
      // No reference to JSON Schema's own schema: an editor without a network could not follow it.
      editor: {
        properties: {
          type: { const: 'object', description: 'Job data are an object.' },
          required: {
            type: 'array',
            items: { type: 'string' },
            description: 'Names that every job file must have.',
            examples: [['SAMPLE_ID']],
          },
          properties: {
            type: 'object',
            description: 'Name → schema of its value.',
            examples: [{ SAMPLE_ID: { type: 'string' } }],
            additionalProperties: jobValueSchema,
          },
          additionalProperties: {
            description: '`false`: a job file may have no other names.',
            default: true,
            examples: [false],
          },
          $defs: {
            type: 'object',
            description: 'Schemas that `$ref` names.',
            examples: [{ lane: { type: 'string' } }],
          },
        },
      },
      description:
        'JSON Schema (draft 2020-12) of the job data: `check` knows the names and types of `${job.…}`, and job files that do not fit are refused.',
      examples: [{ required: ['SAMPLE_ID'], properties: { SAMPLE_ID: { type: 'string' } } }],
    }),
  ),
  Steps: stepsBlock('The steps, in order: a list of maps with one entry, `name: specification`.'),
};
