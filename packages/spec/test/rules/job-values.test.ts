import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

const template = (schema: string, steps: string) =>
  parse(
    `Transform: BC2_Compiler\nRepository: s3://bucket/r/\${job.SAMPLE_ID}\nJobSchema: ${schema}\nSteps:\n${steps}\n`,
  ).diagnostics.map(({ code, message, hint }) => ({ code, message, hint }));

const step = (commands: string) => `  - a: {image: "x:1", inputs: {}, commands: '${commands}'}`;
const schema =
  '{properties: {SAMPLE_ID: {type: string}, n: {type: integer}, opts: {type: object, properties: {deep: {type: string}}}, free: {type: object}, open: {properties: {x: {}}, additionalProperties: true}, lane: {$ref: "#/$defs/lane"}}, $defs: {lane: {properties: {id: {}}}}}';

describe('a reference to job data that a schema declares', () => {
  it('is accepted, also where the schema leaves names open', () => {
    for (const path of ['SAMPLE_ID', 'n', 'opts.deep', 'free.any.thing', 'open.y', 'lane.id', 'opts', 'n!q'])
      expect(template(schema, step(`x \${job.${path}}`)), path).toEqual([]);
    expect(template('{type: object}', step('x ${job.anything}'))).toEqual([]);
  });

  it('must be spelled as there, in commands, the repository and conditions', () => {
    const misspelt = { code: 'unknown-name', hint: 'Did you mean `job.SAMPLE_ID`?' };
    expect(template(schema, step('x ${job.SAMPEL_ID}'))).toMatchObject([misspelt]);
    expect(template(schema, step('x ${job.SAMPEL_ID!q} ${job.opts.depe}'))).toMatchObject([
      misspelt,
      { code: 'unknown-name', hint: 'Did you mean `job.opts.deep`?' },
    ]);
    expect(template(schema, step('x ${job.lane.it}'))).toMatchObject([{ code: 'unknown-name' }]);
    expect(template('{properties: {SAMPLEID: {type: string}}}', step('x'))).toMatchObject([
      { code: 'unknown-name', hint: 'Did you mean `job.SAMPLEID`?' },
    ]);
    const chooser = `${step('x')}\n  - c: {choices: [{if: "job.m > 1", next: d}]}\n  - d: {image: "x:1", inputs: {}, commands: x}`;
    expect(template(schema, chooser).map(({ code }) => code)).toContain('unknown-name');
  });

  it('has names in it only where the value is an object', () => {
    expect(template(schema, step('x ${job.n.deep}'))).toMatchObject([
      { code: 'job-type', message: '`${job.n.deep}` names nothing: by JobSchema, `job.n` is an integer.' },
    ]);
  });

  it('is a list or a text where a scatter takes its items from it', () => {
    const each = (path: string) =>
      `  - e: {scatter: {i: "\${job.${path}}"}, steps: [{b: {image: "x:1", inputs: {}, commands: "x \${scatter.i}"}}]}`;
    expect(template(schema, each('n'))).toMatchObject([{ code: 'job-type' }]);
    expect(template(schema, each('SAMPLE_ID'))).toEqual([]);
  });
});

describe('a JobSchema', () => {
  it.each([
    ['{properties: {SAMPLE_ID: {type: strnig}}}', 'Did you mean `string`?'],
    ['{propertis: {SAMPLE_ID: {}}}', 'Did you mean `properties`?'],
    ['{properties: {SAMPLE_ID: {pattern: "("}}}', 'See https://json-schema.org/understanding-json-schema.'],
    [
      '{properties: {SAMPLE_ID: {$ref: "https://example.org/s"}}}',
      'See https://json-schema.org/understanding-json-schema.',
    ],
    ['{required: SAMPLE_ID}', 'See https://json-schema.org/understanding-json-schema.'],
    ['{properties: {SAMPLE_ID: 7}}', 'See https://json-schema.org/understanding-json-schema.'],
  ])('%s is told to be wrong', (bad, hint) => {
    expect(template(bad, step('x'))).toMatchObject([{ code: 'bad-job-schema', hint }]);
  });

  it('has numbers and booleans, also from CloudFormation, which hands them on as texts', () => {
    const text =
      'Repository: s3://bucket/r\nJobSchema: {additionalProperties: "false", properties: {n: {type: integer, minimum: "1", enum: ["1", 2]}}}\nTransform: x\nSteps:\n' +
      step('x');
    expect(parse(text).workflow?.jobSchema).toEqual({
      additionalProperties: false,
      properties: { n: { type: 'integer', minimum: 1, enum: [1, 2] } },
    });
  });
});
