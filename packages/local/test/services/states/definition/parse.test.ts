import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../../src/services/states/definition/parse.js';
import { definitionMessage } from '../../../../src/services/states/definition/problems.js';

const problems = (definition: unknown) => {
  const parsed = parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition));
  return parsed.ok ? [] : parsed.problems.map(({ code, message, location }) => [code, message, location]);
};
const one = (state: object, rest: object = {}) => ({ StartAt: 'A', States: { A: state }, ...rest });
const schema = 'SCHEMA_VALIDATION_FAILED';

describe('a definition', () => {
  it('is read into a model with the defaults of the States Language', () => {
    const parsed = parseDefinition(
      JSON.stringify(
        one({
          Type: 'Task',
          Resource: 'arn:aws:states:::batch:submitJob.sync',
          Parameters: { JobName: 'j' },
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          End: true,
        }),
      ),
    );
    const state = parsed.ok ? parsed.definition.states.get('A') : undefined;
    expect(state).toMatchObject({
      type: 'Task',
      next: undefined,
      resource: { kind: 'integration', service: 'batch', action: 'submitJob', pattern: 'sync' },
      retry: [{ intervalSeconds: 1, maxAttempts: 3, backoffRate: 2, jitter: 'NONE', maxDelaySeconds: undefined }],
      data: { inputPath: '$', resultPath: '$', outputPath: '$' },
    });
  });

  // Wording and order as AWS's ValidateStateMachineDefinition answers.
  it.each<[string, unknown, unknown[]]>([
    ['nothing', '', [[schema, 'Definition must be a valid JSON object', undefined]]],
    ['an empty object', {}, [[schema, 'These fields are required: [States, StartAt]', '/']]],
    ['no StartAt', { States: { A: { Type: 'Succeed' } } }, [[schema, 'These fields are required: [StartAt]', '/']]],
    ['no Type', one({ Next: 'B' }), [[schema, 'These fields are required: [Type]', '/States/A']]],
    [
      'a choice without Next',
      one({ Type: 'Choice', Choices: [{ Variable: '$', StringMatches: 'T' }] }),
      [[schema, 'These fields are required: [Next]', '/States/A/Choices[0]']],
    ],
    [
      'a resource that is none',
      one({ Type: 'Task', Resource: 'createToken', End: true }),
      [[schema, 'Value is not a valid resource ARN', '/States/A/Resource']],
    ],
    [
      'JSONPath inside JSONata',
      one({ Type: 'Pass', QueryLanguage: 'JSONPath', End: true }, { QueryLanguage: 'JSONata' }),
      [[schema, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", '/States/A']],
    ],
    [
      'a loop without an end',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } },
      [['MISSING_END_STATE', 'Workflow has no terminal state', undefined]],
    ],
    [
      'a transition to nowhere',
      one({ Type: 'Pass', Next: 'NOPE' }),
      [
        ['MISSING_TRANSITION_TARGET', "Missing 'Next' target: NOPE", '/States/A/Next'],
        ['MISSING_END_STATE', 'Workflow has no terminal state', undefined],
      ],
    ],
    [
      'a state that nothing leads to',
      { StartAt: 'A', States: { A: { Type: 'Succeed' }, C: { Type: 'Succeed' } } },
      [['MISSING_TRANSITION_TARGET', 'State "C" is not reachable.', '/States/C']],
    ],
    [
      'dangling targets of every kind',
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'X' }], Default: 'T' },
          T: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Catch: [{ ErrorEquals: ['E'], Next: 'Y' }],
            End: true,
          },
        },
      },
      [
        ['MISSING_TRANSITION_TARGET', "Missing 'Next' target: X", '/States/C/Choices[0]/Next'],
        ['MISSING_TRANSITION_TARGET', "Missing 'Next' target: Y", '/States/T/Catch[0]/Next'],
      ],
    ],
  ])('with %s is refused', (_, definition, found) => {
    expect(problems(definition)).toEqual(found);
  });

  it.each<[string, object, string, string]>([
    ['an unknown field', { Type: 'Pass', Foo: 1, End: true }, 'Field is not supported', '/States/A/Foo'],
    ['neither Next nor End', { Type: 'Pass' }, 'Only one of these fields is required: [Next, End]', '/States/A'],
    ['a wrong type', { Type: 'Pass', Next: 5 }, 'Expected value of type String', '/States/A/Next'],
    ['a type that does not exist', { Type: 'Loop', End: true }, 'Value must be one of', '/States/A/Type'],
    [
      'a bad path',
      { Type: 'Pass', InputPath: '$.a[', End: true },
      'Value is not a valid JSONPath',
      '/States/A/InputPath',
    ],
    [
      'a ResultPath with a wildcard',
      { Type: 'Pass', ResultPath: '$.a[*]', End: true },
      'Value is not a Reference Path',
      '/States/A/ResultPath',
    ],
    [
      'a template with bad text',
      { Type: 'Pass', Parameters: { 'a.$': 'x' }, End: true },
      "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
      '/States/A/Parameters/a.$',
    ],
    [
      'a Wait for two things',
      { Type: 'Wait', Seconds: 1, Timestamp: '2016-08-18T17:33:00Z', End: true },
      'Only one of these fields is allowed',
      '/States/A',
    ],
    [
      'States.ALL in company',
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Retry: [{ ErrorEquals: ['States.ALL', 'X'] }],
        End: true,
      },
      'States.ALL must appear alone',
      '/States/A/Retry[0]/ErrorEquals',
    ],
    [
      'States.ALL too early',
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'A' },
          { ErrorEquals: ['X'], Next: 'A' },
        ],
        End: true,
      },
      'States.ALL must appear in the last element of Catch',
      '/States/A/Catch[0]',
    ],
    [
      'a MaxDelaySeconds below the interval',
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 5, MaxDelaySeconds: 3 }],
        End: true,
      },
      'Value must be greater than IntervalSeconds',
      '/States/A/Retry[0]/MaxDelaySeconds',
    ],
    [
      'an integration that the engine lacks',
      { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true },
      "The embedded engine does not have the service integration 'ecs:runTask.sync'",
      '/States/A/Resource',
    ],
    [
      'bad JSONata',
      { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 + %}', End: true },
      'The JSONata expression is not valid',
      '/States/A/Output',
    ],
    [
      'JSONPath fields in JSONata',
      { Type: 'Pass', QueryLanguage: 'JSONata', InputPath: '$', End: true },
      'Field is not supported',
      '/States/A/InputPath',
    ],
  ])('with %s names the place', (_, state, message, location) => {
    expect(problems(one(state))).toContainEqual([schema, expect.stringContaining(message), location]);
  });

  it('checks branches and processors too, and the names of all states together', () => {
    const branch = { StartAt: 'B', States: { B: { Type: 'Pass', Next: 'Z' } } };
    const parallel = { Type: 'Parallel', Branches: [branch], End: true };
    expect(problems(one(parallel))).toContainEqual([
      'MISSING_TRANSITION_TARGET',
      "Missing 'Next' target: Z",
      '/States/A/Branches[0]/States/B/Next',
    ]);
    const map = { Type: 'Map', ItemProcessor: { StartAt: 'A', States: { A: { Type: 'Succeed' } } }, End: true };
    expect(problems(one(map))).toContainEqual([
      'DUPLICATE_STATE_NAME',
      'Duplicate State name: A',
      '/States/A/ItemProcessor/States/A',
    ]);
  });

  it('tells all findings in one message', () => {
    const parsed = parseDefinition('{"States":{"A":{"Type":"Pass","End":true,"X":1}}}');
    expect(parsed.ok ? '' : definitionMessage(parsed.problems)).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /, SCHEMA_VALIDATION_FAILED: Field is not supported at /States/A/X'",
    );
  });

  it('refuses what a reader of items would have to pass over', () => {
    const readers = (Resource: string, ReaderConfig: object) =>
      problems({
        StartAt: 'M',
        States: {
          M: {
            Type: 'Map',
            End: true,
            ItemReader: { Resource: `arn:aws:states:::s3:${Resource}`, ReaderConfig, Parameters: { Bucket: 'b' } },
            ItemProcessor: {
              ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
              StartAt: 'A',
              States: { A: { Type: 'Pass', End: true } },
            },
          },
        },
      }).map(([, message]) => message);
    expect(readers('listObjectsV2', { Transformation: 'LOAD_AND_FLATTEN', InputType: 'CSV' })).toEqual([]);
    expect(readers('getObject', { InputType: 'MANIFEST', ManifestType: 'S3_INVENTORY' })).toEqual([]);
    expect(readers('listObjectsV2', { Transformation: 'LOAD_AND_FLATTEN' })).toEqual([
      'These fields are required: [InputType]',
    ]);
    expect(readers('listObjectsV2', { Transformation: 'LOAD_AND_FLATTEN', InputType: 'MANIFEST' })).toHaveLength(1);
    expect(readers('getObject', { InputType: 'CSV', Transformation: 'LOAD_AND_FLATTEN' })).toHaveLength(1);
    expect(readers('getObject', { InputType: 'MANIFEST', ManifestType: 'ATHENA_DATA' })).toEqual([
      'The embedded engine reads manifests of S3 Inventory only',
    ]);
  });

  it('refuses variables whose names JSONPath and JSONata could not tell', () => {
    const assigning = (Assign: object) => problems(one({ Type: 'Pass', Assign, End: true }));
    expect(assigning({ n: 1, 'größe2.$': '$.a', n_2: 2 })).toEqual([]);
    expect(assigning({ states: 1 })).toEqual([
      [schema, "The variable name 'states' is reserved", '/States/A/Assign/states'],
    ]);
    for (const name of ['1st', 'a-b', '', 'x'.repeat(81)])
      expect(assigning({ [name]: 1 })).toEqual([
        [schema, `'${name}' is not a valid variable name`, `/States/A/Assign/${name}`],
      ]);
  });

  it('says where JSON breaks off', () => {
    expect(problems('{"StartAt":')).toEqual([['INVALID_JSON_DESCRIPTION', expect.stringContaining('JSON'), undefined]]);
  });

  it('never throws, whatever it is given', () => {
    const state = fc.dictionary(
      fc.constantFrom(
        'Type',
        'Next',
        'End',
        'Choices',
        'Branches',
        'Retry',
        'Catch',
        'Seconds',
        'ItemProcessor',
        'Resource',
        'ResultPath',
        'Parameters',
        'ItemReader',
        'QueryLanguage',
        'Items',
      ),
      fc.oneof(fc.jsonValue(), fc.constantFrom('Pass', 'Task', 'Choice', 'Wait', 'Map', 'Parallel', '$', '{% 1 %}')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ StartAt: fc.constant('A'), States: fc.dictionary(fc.constantFrom('A', 'B'), state) }),
        ),
        (definition) => {
          const parsed = parseDefinition(JSON.stringify(definition));
          expect(parsed.ok || parsed.problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
