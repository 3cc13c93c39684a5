import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type ContextKeys, matchesArn, matchesPattern, type Pattern, parsePattern, resolvedText } from './pattern.js';

/** A test of one key in a `Condition`. */
export interface Condition {
  readonly operator: Operator;
  /** `ForAllValues:` and `ForAnyValue:`. */
  readonly set: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly Pattern[];
}

interface Operator {
  /** True for the operators that hold when no value matches, such as StringNotEquals. */
  readonly negated: boolean;
  readonly wildcards: boolean;
  /** Policy variables are replaced in text and in ARNs only. */
  readonly variables: boolean;
  readonly matches: (value: string, expected: Pattern, context: ContextKeys) => boolean;
}

const text = (wildcards: boolean, fold: (value: string) => string = (value) => value) => ({
  wildcards,
  variables: true,
  matches: (value: string, expected: Pattern, context: ContextKeys) => {
    if (wildcards) return matchesPattern(expected, value, context);
    const resolved = resolvedText(expected, context);
    return resolved !== undefined && fold(resolved) === fold(value);
  },
});

const plain = (matches: (value: string, expected: string) => boolean) => ({
  wildcards: false,
  variables: false,
  matches: (value: string, { source }: Pattern) => matches(value, source),
});

const arn = {
  wildcards: true,
  variables: true,
  matches: (value: string, expected: Pattern, context: ContextKeys) => matchesArn(expected, value, context),
};

const number = (compare: (value: number, expected: number) => boolean) =>
  plain((value, expected) => {
    const [left, right] = [numberOf(value), numberOf(expected)];
    return left !== undefined && right !== undefined && compare(left, right);
  });

const date = (compare: (value: number, expected: number) => boolean) =>
  plain((value, expected) => {
    const [left, right] = [timeOf(value), timeOf(expected)];
    return left !== undefined && right !== undefined && compare(left, right);
  });

const numberOf = (value: string): number | undefined =>
  /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;

/** ISO 8601, or seconds since 1970. */
function timeOf(value: string): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const equal = (left: number, right: number) => left === right;
const less = (left: number, right: number) => left < right;
const atMost = (left: number, right: number) => left <= right;

const positive = {
  StringEquals: text(false),
  StringEqualsIgnoreCase: text(false, (value) => value.toLowerCase()),
  StringLike: text(true),
  NumericEquals: number(equal),
  NumericLessThan: number(less),
  NumericLessThanEquals: number(atMost),
  NumericGreaterThan: number((left, right) => less(right, left)),
  NumericGreaterThanEquals: number((left, right) => atMost(right, left)),
  DateEquals: date(equal),
  DateLessThan: date(less),
  DateLessThanEquals: date(atMost),
  DateGreaterThan: date((left, right) => less(right, left)),
  DateGreaterThanEquals: date((left, right) => atMost(right, left)),
  Bool: plain((value, expected) => value.toLowerCase() === expected.toLowerCase()),
  BinaryEquals: plain((value, expected) => value === expected),
  IpAddress: plain(isInRange),
  // Both compare with wildcards, in the same way.
  ArnEquals: arn,
  ArnLike: arn,
  Null: plain(() => false),
};

const operators = new Map<string, Operator>();
for (const [name, operator] of Object.entries(positive))
  operators.set(name.toLowerCase(), { ...operator, negated: false });
for (const [name, operator] of [
  ['StringNotEquals', positive.StringEquals],
  ['StringNotEqualsIgnoreCase', positive.StringEqualsIgnoreCase],
  ['StringNotLike', positive.StringLike],
  ['NumericNotEquals', positive.NumericEquals],
  ['DateNotEquals', positive.DateEquals],
  ['NotIpAddress', positive.IpAddress],
  ['ArnNotEquals', arn],
  ['ArnNotLike', arn],
] as const)
  operators.set(name.toLowerCase(), { ...operator, negated: true });

const nullOperator = operators.get('null');

/**
 * Reads an operator and one of its keys.
 *
 * @param name - e.g. `ForAnyValue:StringLikeIfExists`
 * @returns undefined if IAM has no such operator
 */
export function parseCondition(
  name: string,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition | undefined {
  const match = /^(?:(forallvalues|foranyvalue):)?(.+?)(ifexists)?$/.exec(name.toLowerCase());
  const operator = operators.get(match?.[2] ?? '');
  const ifExists = match?.[3] !== undefined;
  const set = match?.[1] === 'forallvalues' ? 'all' : match?.[1] === 'foranyvalue' ? 'any' : undefined;
  if (operator === undefined || (operator === nullOperator && (ifExists || set !== undefined))) return undefined;
  const options = { variables: variables && operator.variables, wildcards: operator.wildcards };
  return { operator, set, ifExists, key, values: values.map((value) => parsePattern(value, options)) };
}

/** Returns true if a request fulfils a condition. */
export function holds({ operator, set, ifExists, key, values }: Condition, context: ContextKeys): boolean {
  const given = context(key);
  if (operator === nullOperator)
    return values.some(({ source }) => (source.toLowerCase() === 'true') === (given === undefined));
  if (given === undefined || given.length === 0) {
    // A missing key fulfils ForAllValues and never ForAnyValue, whatever the operator.
    if (set !== undefined) return set === 'all';
    return ifExists || operator.negated;
  }
  const matches = (value: string) => values.some((expected) => operator.matches(value, expected, context));
  const passes = (value: string) => matches(value) !== operator.negated;
  if (set === 'any') return given.some(passes);
  // Without a set operator a negated one holds if none of the values matches.
  return set === 'all' || operator.negated ? given.every(passes) : given.some(passes);
}

/** Returns true if an address is in a range such as `203.0.113.0/24`, or is the address itself. */
function isInRange(address: string, range: string): boolean {
  const [network = '', length] = range.split('/');
  const family = isIPv4(network) ? 'ipv4' : isIPv6(network) ? 'ipv6' : undefined;
  const isOfFamily = family === 'ipv4' ? isIPv4(address) : isIPv6(address);
  const bits = length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length);
  if (family === undefined || !isOfFamily || !/^\d{1,3}$/.test(length ?? '0') || bits > (family === 'ipv4' ? 32 : 128))
    return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}
