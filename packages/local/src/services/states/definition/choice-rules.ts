import { expressionIn, jsonataProblem } from '../interpreter/data/jsonata.js';
import type { Fields, QueryLanguage } from './fields.js';
import type { ChoiceRule, Condition } from './model.js';

const ordered = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];

/** Every comparison operator of the States Language, with the type of its operand. */
const operands: ReadonlyMap<string, 'string' | 'number' | 'boolean'> = new Map([
  ...ordered.map((name) => [`String${name}`, 'string'] as const),
  ...ordered.map((name) => [`Numeric${name}`, 'number'] as const),
  ...ordered.map((name) => [`Timestamp${name}`, 'string'] as const),
  ['BooleanEquals', 'boolean'],
  ['StringMatches', 'string'],
  ...['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'].map(
    (name) => [name, 'boolean'] as const,
  ),
]);

const hasPathForm = (operator: string) => !operator.startsWith('Is') && operator !== 'StringMatches';

const operatorNames: readonly string[] = [...operands.keys()].flatMap((name) =>
  hasPathForm(name) ? [name, `${name}Path`] : [name],
);

function comparison(fields: Fields): Condition | undefined {
  const present = operatorNames.filter((name) => fields.has(name));
  const [name] = present;
  if (name === undefined || present.length > 1) {
    fields.problems.schema(
      fields.location,
      name === undefined
        ? 'A comparison operator, And, Or or Not is required'
        : `Only one of these fields is allowed: [${present.join(', ')}]`,
    );
    for (const each of present) fields.allow(each);
    return undefined;
  }
  if (!fields.require('Variable')) return undefined;
  const variable = fields.path('Variable') ?? '$';
  const byPath = !operands.has(name);
  if (byPath) return { kind: 'comparison', variable, operator: name.slice(0, -4), operand: fields.path(name), byPath };
  const operand = fields.json(name) ?? null;
  const type = operands.get(name) ?? 'string';
  if (typeof operand !== type) {
    const label = type === 'number' ? 'Number' : type === 'boolean' ? 'Boolean' : 'String';
    fields.problem(name, `Expected value of type ${label}`);
  }
  return { kind: 'comparison', variable, operator: name, operand, byPath };
}

function nested(fields: Fields): Condition | undefined {
  const condition = conditionIn(fields);
  fields.allow('Comment');
  if (fields.has('Next')) {
    fields.problem('Next', 'Field is not supported');
    fields.allow('Next');
  }
  fields.refuseOthers();
  return condition;
}

function conditionIn(fields: Fields): Condition | undefined {
  for (const [name, kind] of [
    ['And', 'and'],
    ['Or', 'or'],
  ] as const) {
    if (!fields.has(name)) continue;
    const rules = fields.each(name);
    if (rules.length === 0) fields.problem(name, 'Expected a non-empty array');
    return { kind, conditions: rules.flatMap((rule) => nested(rule) ?? []) };
  }
  if (fields.has('Not')) {
    const inner = fields.inside('Not');
    const condition = inner === undefined ? undefined : nested(inner);
    return condition === undefined ? undefined : { kind: 'not', condition };
  }
  return comparison(fields);
}

function jsonataCondition(fields: Fields): Condition | undefined {
  if (!fields.require('Condition')) return undefined;
  const value = fields.json('Condition');
  if (typeof value === 'boolean') return { kind: 'jsonata', source: String(value) };
  const source = typeof value === 'string' ? expressionIn(value) : undefined;
  if (source === undefined) {
    fields.problem('Condition', 'Expected value of type Boolean or a JSONata expression');
    return undefined;
  }
  const why = jsonataProblem(source);
  if (why !== undefined) fields.problem('Condition', `The JSONata expression is not valid: ${why}`);
  return { kind: 'jsonata', source };
}

/** One element of a Choice state's `Choices`. */
export function parseChoiceRule(fields: Fields, language: QueryLanguage): ChoiceRule | undefined {
  const condition = language === 'JSONata' ? jsonataCondition(fields) : conditionIn(fields);
  fields.require('Next');
  const next = fields.string('Next');
  const assign = fields.assignments(language);
  const output = language === 'JSONata' ? fields.template('Output', language) : undefined;
  fields.allow('Comment');
  fields.refuseOthers();
  if (condition === undefined || next === undefined) return undefined;
  return { condition, next, assign, output };
}
