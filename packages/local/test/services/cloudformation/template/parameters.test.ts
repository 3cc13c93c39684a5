import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../src/services/cloudformation/json.js';
import {
  parameterValue,
  readParameterDeclarations,
  resolveParameters,
} from '../../../../src/services/cloudformation/template/parameters.js';

function resolve(declarations: JsonObject, given: Record<string, string | undefined> = {}, previous = {}) {
  const inputs = Object.entries(given).map(([ParameterKey, ParameterValue]) =>
    ParameterValue === undefined ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue },
  );
  return resolveParameters(readParameterDeclarations({ Parameters: declarations }), inputs, previous);
}

describe('resolveParameters', () => {
  it('takes the given value, the previous one where that is asked for, else the default', () => {
    const declarations = {
      A: { Type: 'String' },
      B: { Type: 'Number', Default: 5 },
      C: { Type: 'String', Default: '' },
    };
    expect(resolve(declarations, { A: 'a' })).toEqual({ A: 'a', B: '5', C: '' });
    expect(resolve(declarations, { A: undefined, B: '7' }, { A: 'before', B: '6' })).toEqual({
      A: 'before',
      B: '7',
      C: '',
    });
  });

  it('names all that is missing or unknown at once', () => {
    expect(() => resolve({ A: { Type: 'String' }, B: { Type: 'String' } })).toThrow(
      /^Parameters: \[A, B\] must have values$/,
    );
    expect(() => resolve({}, { X: '1', Y: '2' })).toThrow(/^Parameters: \[X, Y\] do not exist in the template$/);
    expect(() => resolve({ constructor: { Type: 'String' } }, { constructor: undefined })).toThrow(
      /\[constructor\] must have values/,
    );
  });

  it.each<[string, Json, string, RegExp | undefined]>([
    ['one of AllowedValues', { Type: 'String', AllowedValues: ['a', 1] }, '1', undefined],
    ['none of AllowedValues', { Type: 'String', AllowedValues: ['a', 1] }, 'b', /'P' must be one of AllowedValues/],
    ['what matches as a whole', { Type: 'String', AllowedPattern: '[a-z]+' }, 'abc', undefined],
    ['what matches in part', { Type: 'String', AllowedPattern: '[a-z]+' }, 'abc1', /must match pattern \[a-z\]\+/],
    ['what is too short', { Type: 'String', MinLength: '3' }, 'ab', /at least 3 characters/],
    ['what is too long', { Type: 'String', MaxLength: 3 }, 'abcd', /at most 3 characters/],
    ['a number', { Type: 'Number', MinValue: -1, MaxValue: 1 }, '-0.5', undefined],
    ['what is no number', { Type: 'Number' }, 'five', /must be a number/],
    ['a number that is too small', { Type: 'Number', MinValue: 1 }, '0', /not less than 1/],
    ['a number that is too large', { Type: 'Number', MaxValue: 1 }, '2', /not greater than 1/],
    ['a list of numbers', { Type: 'List<Number>' }, '1, 2,3', undefined],
    ['a list with a text among numbers', { Type: 'List<Number>' }, '1,b', /must be a number/],
    ['a list, item by item', { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] }, 'a, b', undefined],
    [
      'what breaks a rule that has its own words',
      { Type: 'String', AllowedPattern: 'a', ConstraintDescription: 'must be an a' },
      'b',
      /^Parameter 'P' failed to satisfy constraint: must be an a$/,
    ],
    [
      'a pattern that is none',
      { Type: 'String', AllowedPattern: '(' },
      'b',
      /AllowedPattern of parameter P is no regular/,
    ],
  ])('judges %s', (_what, declaration, given, message) => {
    if (message === undefined) expect(resolve({ P: declaration }, { P: given })).toEqual({ P: given });
    else expect(() => resolve({ P: declaration }, { P: given })).toThrow(message);
  });
});

describe('readParameterDeclarations', () => {
  it.each<[string, JsonObject, RegExp]>([
    ['no type', { P: {} }, /must contain a Type member/],
    ['an unknown type', { P: { Type: 'Text' } }, /Unrecognized parameter type: Text/],
    ['a name with a dash', { 'a-b': { Type: 'String' } }, /Parameter name a-b is non alphanumeric/],
    [
      'a list as default',
      { P: { Type: 'CommaDelimitedList', Default: ['a'] } },
      /Every Default member must be a string/,
    ],
    ['the Parameter Store', { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }, /has no Parameter Store/],
  ])('refuses %s', (_what, declarations, message) => {
    expect(() => readParameterDeclarations({ Parameters: declarations })).toThrow(message);
  });
});

describe('parameterValue', () => {
  it('is a list for list types, without the spaces around the commas', () => {
    const [declaration] = Object.values(
      readParameterDeclarations({ Parameters: { P: { Type: 'List<AWS::EC2::Subnet::Id>' } } }),
    );
    if (declaration === undefined) throw new Error('The parameter was not read.');
    expect(parameterValue(declaration, 'subnet-1, subnet-2')).toEqual(['subnet-1', 'subnet-2']);
    expect(parameterValue(declaration, '')).toEqual([]);
  });
});
