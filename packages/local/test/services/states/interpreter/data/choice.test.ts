import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../../../src/services/states/definition/model.js';
import {
  conditionHolds,
  matchesPattern,
  timestampOf,
} from '../../../../../src/services/states/interpreter/data/choice.js';
import type { Json } from '../../../../../src/services/states/interpreter/data/json.js';

const randomness = { random: () => 0, uuid: () => '' };
const scope = (data: Json) => ({ data, context: {}, variables: {}, randomness });
const compare = (operator: string, operand: Json, byPath = false): Condition => ({
  kind: 'comparison',
  variable: '$.v',
  operator,
  operand,
  byPath,
});
const holds = (operator: string, operand: Json, v: Json) => conditionHolds(compare(operator, operand), scope({ v }));

describe('a choice rule', () => {
  it.each<[string, Json, Json, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', '1', 1, false],
    ['StringLessThan', 'b', 'a', true],
    ['StringGreaterThanEquals', 'a', 'a', true],
    ['StringMatches', 'log-*.txt', 'log-2026.txt', true],
    ['StringMatches', 'a\\*b', 'a*b', true],
    ['StringMatches', 'a\\*b', 'axb', false],
    ['NumericEquals', 1, 1.0, true],
    ['NumericLessThan', 2, 1, true],
    ['NumericGreaterThan', 2, '3', false],
    ['NumericLessThanEquals', 2, 2, true],
    ['BooleanEquals', false, false, true],
    ['BooleanEquals', false, 0, false],
    ['TimestampEquals', '2016-08-18T17:33:00Z', '2016-08-18T19:33:00+02:00', true],
    ['TimestampLessThan', '2016-08-18T17:33:00Z', '2016-08-18T17:32:59.9Z', true],
    ['TimestampGreaterThan', '2016-08-18T17:33:00Z', 'soon', false],
    ['IsNull', true, null, true],
    ['IsString', true, 'x', true],
    ['IsNumeric', true, 'x', false],
    ['IsNumeric', false, 'x', true],
    ['IsBoolean', true, true, true],
    ['IsTimestamp', true, '2016-08-18T17:33:00Z', true],
    ['IsTimestamp', true, '2016-08-18', false],
    ['IsPresent', true, null, true],
  ])('%s %j of %j is %s', (operator, operand, value, result) => {
    expect(holds(operator, operand, value)).toBe(result);
  });

  it('compares with another path', () => {
    const condition = compare('NumericLessThan', '$.limit', true);
    expect(conditionHolds(condition, scope({ v: 1, limit: 2 }))).toBe(true);
    expect(() => conditionHolds(condition, scope({ v: 1 }))).toThrow("'$.limit'");
  });

  it('only IsPresent may ask for what is not there', () => {
    expect(conditionHolds(compare('IsPresent', false), scope({}))).toBe(true);
    expect(() => conditionHolds(compare('IsNull', true), scope({}))).toThrow(
      "Invalid path '$.v': The choice state's condition path references an invalid value.",
    );
  });

  it('combines as And, Or and Not do', () => {
    const [yes, no] = [compare('NumericEquals', 1), compare('NumericEquals', 2)];
    const data = scope({ v: 1 });
    expect(conditionHolds({ kind: 'and', conditions: [yes, no] }, data)).toBe(false);
    expect(conditionHolds({ kind: 'or', conditions: [no, yes] }, data)).toBe(true);
    expect(conditionHolds({ kind: 'not', condition: no }, data)).toBe(true);
  });
});

describe('StringMatches', () => {
  it('agrees with the regular expression of the same pattern', () => {
    const alphabet = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), alphabet, (text, pattern) => {
        expect(matchesPattern(text, pattern)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
    );
  });

  it('takes no time for patterns that ruin regular expressions', () => {
    expect(matchesPattern('a'.repeat(5_000), `${'*a'.repeat(50)}b`)).toBe(false);
  });
});

it('reads timestamps only in the form of RFC 3339', () => {
  expect(timestampOf('1970-01-01T00:00:01Z')).toBe(1000);
  for (const text of ['1970-01-01', '1970-01-01t00:00:01z', 'x', 5, null, '2016-13-18T17:33:00Z']) {
    expect(timestampOf(text)).toBeUndefined();
  }
});
