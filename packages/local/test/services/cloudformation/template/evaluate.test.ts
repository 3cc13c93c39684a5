import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/services/cloudformation/json.js';
import {
  evaluate,
  evaluateCondition,
  type Scope,
  Unknown,
} from '../../../../src/services/cloudformation/template/evaluate.js';

const later = new Unknown('Later');
const values = new Map<string, string | string[] | Unknown>(
  Object.entries({
    Name: 'align',
    Zones: ['a', 'b', 'c'],
    'AWS::Region': 'us-east-1',
    Later: later,
  }),
);
const scope: Scope = {
  ref: (name) => values.get(name),
  attribute: (logicalId, attribute) => (logicalId === 'Queue' ? `arn:${attribute}` : undefined),
  condition: (name) => name === 'Yes',
  mappings: { Sizes: { 'us-east-1': { small: 1, list: ['x'] } } },
  importValue: (name) => `imported ${name}`,
  region: 'us-east-1',
};
const value = (expression: Json) => evaluate(expression, scope, 'resource R');

describe('evaluate', () => {
  it.each<[string, Json, unknown]>([
    ['Ref of a text', { Ref: 'Name' }, 'align'],
    ['Ref of a list', { Ref: 'Zones' }, ['a', 'b', 'c']],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:Arn'],
    ['GetAtt as a text with a dotted attribute', { 'Fn::GetAtt': 'Queue.A.B' }, 'arn:A.B'],
    ['Sub', { 'Fn::Sub': '${Name}/${Queue.Arn}/${AWS::Region}' }, 'align/arn:Arn/us-east-1'],
    [
      'Sub with variables of its own',
      { 'Fn::Sub': ['${a}-${Name}', { a: { Ref: 'AWS::Region' } }] },
      'us-east-1-align',
    ],
    ['Sub that leaves ${!…} alone', { 'Fn::Sub': '${!job.SAMPLE} $ {x} ${Name}' }, '${job.SAMPLE} $ {x} align'],
    ['Join', { 'Fn::Join': ['-', [{ Ref: 'Name' }, 1, true]] }, 'align-1-true'],
    ['Join of a list parameter', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b,c'],
    ['Join of nothing', { 'Fn::Join': [',', []] }, ''],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b'],
    ['Split', { 'Fn::Split': [',', 'x,y'] }, ['x', 'y']],
    ['If', { 'Fn::If': ['Yes', 1, { Ref: 'Missing' }] }, 1],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 1],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-x' } }, 'imported align-x'],
    ['Base64', { 'Fn::Base64': 'ä' }, 'w6Q='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['a map that is no function', { Ref: 'Name', Other: 1 }, { Ref: 'Name', Other: 1 }],
    ['functions deep inside', { a: [{ b: { Ref: 'Name' } }] }, { a: [{ b: 'align' }] }],
  ])('gives the value of %s', (_what, expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('leaves out what is AWS::NoValue, in maps and in lists', () => {
    const gone = { Ref: 'AWS::NoValue' };
    expect(value({ a: gone, b: [1, gone, { 'Fn::If': ['No', 2, gone] }] })).toEqual({ b: [1] });
    expect(value(gone)).toBeUndefined();
  });

  it('carries what is not known yet through every function', () => {
    for (const expression of [
      { Ref: 'Later' },
      { 'Fn::Sub': 'a-${Later}' },
      { 'Fn::Join': ['', ['a', { Ref: 'Later' }]] },
      { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'Later' }] }] },
      { 'Fn::Base64': { Ref: 'Later' } },
    ])
      expect(value(expression)).toBe(later);
    expect(value({ a: [{ Ref: 'Later' }, 1] })).toEqual({ a: [later, 1] });
  });

  it.each<[string, Json, RegExp]>([
    [
      'a name that is not there',
      { Ref: 'Missing' },
      /^Template format error: Unresolved resource dependencies \[Missing\]/,
    ],
    [
      'a name that only JavaScript knows',
      { 'Fn::Sub': '${constructor}' },
      /Unresolved resource dependencies \[constructor\]/,
    ],
    ['an attribute of nothing', { 'Fn::GetAtt': ['Missing', 'Arn'] }, /Unresolved resource dependencies \[Missing\]/],
    [
      'an index outside the list',
      { 'Fn::Select': [3, { Ref: 'Zones' }] },
      /^Template error: Fn::Select requires a list argument with two elements: an integer index and a list$/,
    ],
    [
      'a map without the key',
      { 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'small'] },
      /Unable to get mapping for Sizes::eu-west-1::small/,
    ],
    ['a mapping that only JavaScript knows', { 'Fn::FindInMap': ['toString', 'a', 'b'] }, /Unable to get mapping/],
    ['a list where a text is due', { 'Fn::Sub': '${Zones}' }, /join a list with Fn::Join \(in resource R\)/],
    ['Join without a list', { 'Fn::Join': [',', 'text'] }, /every Fn::Join object requires two parameters/],
    ['a function that is not there', { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }, /does not have the function Fn::Cidr/],
  ])('refuses %s', (_what, expression, message) => {
    expect(() => value(expression)).toThrow(message);
  });

  it('splits what it joined', () => {
    const part = fc.stringMatching(/^[a-z ]{1,8}$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        expect(value({ 'Fn::Split': ['|', { 'Fn::Join': ['|', parts] }] })).toEqual(parts);
      }),
    );
  });
});

describe('evaluateCondition', () => {
  const holds = (condition: Json) => evaluateCondition(condition, scope, 'condition C');

  it('computes And, Or, Not, Equals and references like the Boolean algebra does', () => {
    const { tree } = fc.letrec<{ tree: { json: Json; truth: boolean } }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.boolean().map((truth) => ({ json: { Condition: truth ? 'Yes' : 'No' }, truth })),
        fc.boolean().map((truth) => ({ json: { 'Fn::Equals': [{ Ref: 'Name' }, truth ? 'align' : 'sort'] }, truth })),
        tie('tree').map(({ json, truth }) => ({ json: { 'Fn::Not': [json] }, truth: !truth })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          json: { 'Fn::And': [a.json, b.json] },
          truth: a.truth && b.truth,
        })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          json: { 'Fn::Or': [a.json, b.json] },
          truth: a.truth || b.truth,
        })),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ json, truth }) => {
        expect(holds(json)).toBe(truth);
      }),
    );
  });

  it('refuses what is no condition', () => {
    expect(() => holds('Yes')).toThrow(/must be made of Fn::Equals/);
    expect(() => holds({ 'Fn::Equals': ['a'] })).toThrow(
      /every Fn::Equals object requires a list of 2 string parameters/,
    );
  });
});
