import type {
  Catcher,
  ChoiceState,
  DataFields,
  JsonataFields,
  JsonPathFields,
  PassState,
  Value,
} from '../../definition/model.js';
import { conditionHolds } from './choice.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { evaluateJsonata, evaluateJsonataTemplate, type JsonataScope } from './jsonata.js';
import { evaluateReference, evaluateTemplate, requirePath, type TemplateScope } from './payload-template.js';
import type { Randomness } from './randomness.js';
import { parseReferencePath, writeSegments } from './reference-path.js';
import { runtimeError, StateError } from './state-error.js';

export type Variables = Readonly<Record<string, Json>>;

/** The data that is available to a state when it starts. */
export interface Scope {
  /** The state's raw input. */
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: Variables;
  readonly randomness: Randomness;
}

/** The data that a state passes to the next state. */
export interface Outcome {
  readonly output: Json;
  /** The variables that it assigns. */
  readonly assigned: Variables | undefined;
}

const at = (scope: Scope, data: Json): TemplateScope => ({ ...scope, data });

function filtered(path: string | null, field: string, scope: Scope, data: Json): Json {
  if (path === '$') return data;
  return path === null ? {} : requirePath(path, field, at(scope, data));
}

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {});

function assignedByPath(assign: JsonObject | undefined, scope: Scope, data: Json): Variables | undefined {
  return assign === undefined ? undefined : objectOf(evaluateTemplate(assign, at(scope, data)));
}

async function assignedByJsonata(assign: JsonObject | undefined, scope: JsonataScope): Promise<Variables | undefined> {
  return assign === undefined ? undefined : objectOf(await evaluateJsonataTemplate(assign, 'Assign', scope));
}

function combined(path: string | null, input: Json, result: Json): Json {
  if (path === '$') return result;
  if (path === null) return input;
  const reference = parseReferencePath(path);
  const output = reference === undefined ? undefined : writeSegments(input, reference.segments, result);
  if (output === undefined) {
    throw new StateError(
      'States.ResultPathMatchFailure',
      `Unable to apply ReferencePath ${path} to input ${JSON.stringify(input)}`,
    );
  }
  return output;
}

/** The input after InputPath; JSONata has no such filter. */
export function effectiveInput(fields: DataFields, scope: Scope): Json {
  return fields.language === 'JSONata' ? scope.input : filtered(fields.inputPath, 'InputPath', scope, scope.input);
}

/** The effective input of a Task, Parallel or Pass state: InputPath, then Parameters; or Arguments. */
export async function argumentsOf(fields: DataFields, scope: Scope): Promise<Json> {
  if (fields.language === 'JSONata') {
    return fields.arguments === undefined ? scope.input : evaluateJsonataTemplate(fields.arguments, 'Arguments', scope);
  }
  const input = effectiveInput(fields, scope);
  return fields.parameters === undefined ? input : evaluateTemplate(fields.parameters, at(scope, input));
}

function jsonPathOutcome(fields: JsonPathFields, scope: Scope, result: Json): Outcome {
  // Assign reads the result itself, before ResultSelector is applied.
  const assigned = assignedByPath(fields.assign, scope, result);
  const selected =
    fields.resultSelector === undefined ? result : evaluateTemplate(fields.resultSelector, at(scope, result));
  const output = combined(fields.resultPath, scope.input, selected);
  return { output: filtered(fields.outputPath, 'OutputPath', scope, output), assigned };
}

async function jsonataOutcome(fields: JsonataFields, scope: JsonataScope, absent: Json): Promise<Outcome> {
  return {
    output: fields.output === undefined ? absent : await evaluateJsonataTemplate(fields.output, 'Output', scope),
    assigned: await assignedByJsonata(fields.assign, scope),
  };
}

/** Output and variables of a state that has a result (Task, Parallel, Map). */
export async function outcomeOf(fields: DataFields, scope: Scope, result: Json): Promise<Outcome> {
  return fields.language === 'JSONata'
    ? jsonataOutcome(fields, { ...scope, result }, result)
    : jsonPathOutcome(fields, scope, result);
}

/** Output and variables of a Pass state. */
export async function passOutcome({ data, result }: PassState, scope: Scope): Promise<Outcome> {
  if (data.language === 'JSONata') return jsonataOutcome(data, scope, scope.input);
  return jsonPathOutcome(data, scope, result ?? (await argumentsOf(data, scope)));
}

/** Output and variables of a state without a result (Wait, Succeed): InputPath and OutputPath, or Output. */
export async function throughOutcome(fields: DataFields, scope: Scope): Promise<Outcome> {
  if (fields.language === 'JSONata') return jsonataOutcome(fields, scope, scope.input);
  const input = effectiveInput(fields, scope);
  return {
    output: filtered(fields.outputPath, 'OutputPath', scope, input),
    assigned: assignedByPath(fields.assign, scope, input),
  };
}

/**
 * Evaluates a Choice state: the next state, its output and variables.
 *
 * @throws StateError States.Runtime when no rule matches and there is no Default
 */
export async function chosen(state: ChoiceState, scope: Scope): Promise<Outcome & { readonly next: string }> {
  const { data, choices } = state;
  const through = async (next: string) => ({ next, ...(await throughOutcome(data, scope)) });
  if (data.language === 'JSONata') {
    for (const [index, rule] of choices.entries()) {
      if (rule.condition.kind !== 'jsonata') continue;
      const location = `Choices[${index}]/Condition`;
      const holds = await evaluateJsonata(rule.condition.source, location, scope);
      if (typeof holds !== 'boolean') {
        throw new StateError(
          'States.QueryEvaluationError',
          `The JSONata expression '${rule.condition.source}' specified for the field '${location}' returned an unexpected result type. Expected 'boolean', but was '${typeof holds}'`,
        );
      }
      if (holds) {
        return { next: rule.next, ...(await jsonataOutcome({ ...data, ...rule }, scope, scope.input)) };
      }
    }
  } else {
    const input = at(scope, effectiveInput(data, scope));
    const rule = choices.find(({ condition }) => conditionHolds(condition, input));
    if (rule !== undefined) {
      return { next: rule.next, ...(await throughOutcome({ ...data, assign: rule.assign }, scope)) };
    }
  }
  if (state.default === undefined) {
    throw runtimeError('Failed to transition out of the state. The state does not point to a next state.');
  }
  return through(state.default);
}

/** Output and variables that a Catch passes to its next state. */
export async function caughtOutcome(
  catcher: Catcher,
  language: DataFields['language'],
  scope: Scope,
  errorOutput: JsonObject,
): Promise<Outcome> {
  if (language === 'JSONata') {
    const { output, assign } = catcher;
    return jsonataOutcome({ language, arguments: undefined, output, assign }, { ...scope, errorOutput }, errorOutput);
  }
  return {
    output: combined(catcher.resultPath, scope.input, errorOutput),
    assigned: assignedByPath(catcher.assign, scope, errorOutput),
  };
}

/** Evaluates a field that is a literal, a path or an expression. */
export async function evaluateValue<T extends Json>(
  value: Value<T>,
  scope: Scope,
  data: Json = scope.input,
): Promise<Json> {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'reference':
      return evaluateReference(value.text, value.field, at(scope, data));
    case 'jsonata':
      return evaluateJsonata(value.source, value.field, scope);
    case 'template':
      return evaluateJsonataTemplate(value.template, value.field, scope);
  }
}

/** Evaluates a field to a string; other values are converted to JSON. */
export async function textOf(value: Value<string>, scope: Scope): Promise<string> {
  const text = await evaluateValue(value, scope);
  return typeof text === 'string' ? text : JSON.stringify(text);
}

/** Evaluates a template of either language, with `data` as `$` in JSONPath. */
export async function templateOf(
  template: Json,
  field: string,
  language: DataFields['language'],
  scope: Scope,
  data: Json,
): Promise<Json> {
  return language === 'JSONata'
    ? evaluateJsonataTemplate(template, field, scope)
    : evaluateTemplate(template, at(scope, data));
}
