import { isObject, isTooDeep, type JsonObject, parseJson } from '../interpreter/data/json.js';
import { checkExpress } from './express.js';
import { Fields, type QueryLanguage } from './fields.js';
import type { Definition, State, StateGraph } from './model.js';
import { type DefinitionProblem, Problems } from './problems.js';
import { parseState } from './states.js';
import { checkTransitions } from './transitions.js';

/** A definition that can be executed, or the problems in it. */
export type ParsedDefinition =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly problems: readonly DefinitionProblem[] };

/** Parses graphs. The names of all states share one namespace, at every level of nesting. */
class GraphReader {
  readonly #names = new Set<string>();
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  read(fields: Fields, language: QueryLanguage): StateGraph {
    const graph = this.#graph(fields, language);
    fields.allow('Comment', 'QueryLanguage', 'ProcessorConfig');
    fields.refuseOthers();
    return graph;
  }

  #graph(fields: Fields, language: QueryLanguage): StateGraph {
    const missing = ['States', 'StartAt'].filter((name) => !fields.has(name));
    fields.require(...missing);
    const states = new Map<string, State>();
    const before = this.#problems.found.length;
    const objects = fields.inside('States');
    for (const name of objects?.names ?? []) {
      const state = this.#state(name, objects?.inside(name), language);
      if (state !== undefined) states.set(name, state);
    }
    const graph = { startAt: fields.string('StartAt') ?? '', states };
    if (missing.length === 0 && this.#problems.found.length === before) {
      if (states.size === 0) fields.problem('States', 'Expected a non-empty object');
      else checkTransitions(graph, fields.location, this.#problems);
    }
    return graph;
  }

  #state(name: string, fields: Fields | undefined, language: QueryLanguage): State | undefined {
    if (fields === undefined) return undefined;
    if (this.#names.has(name)) {
      this.#problems.add('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, fields.location);
    }
    this.#names.add(name);
    return parseState(name, fields, language, (inner, innerLanguage) => this.read(inner, innerLanguage));
  }
}

function jsonObject(text: string, problems: Problems): JsonObject | undefined {
  if (text.trim() !== '') {
    try {
      const value = parseJson(text);
      if (isTooDeep(value)) throw new SyntaxError('Document nesting depth exceeds the maximum allowed (1000)');
      if (isObject(value)) return value;
    } catch (error) {
      problems.add('INVALID_JSON_DESCRIPTION', error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
  problems.add('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object');
  return undefined;
}

/**
 * Parses and checks a definition in the Amazon States Language.
 *
 * @param text the definition's JSON
 * @param type the type of the state machine: Express ones can do less
 * @example
 * ```ts
 * parseDefinition('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'); // { ok: true, definition }
 * parseDefinition('{}'); // { ok: false, problems: [{ code: 'SCHEMA_VALIDATION_FAILED', … }] }
 * ```
 */
export function parseDefinition(text: string, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): ParsedDefinition {
  const problems = new Problems();
  const value = jsonObject(text, problems);
  if (value === undefined) return { ok: false, problems: problems.found };
  const fields = new Fields(value, '/', problems);
  const language = fields.choice('QueryLanguage', ['JSONPath', 'JSONata']) ?? 'JSONPath';
  const timeoutSeconds = fields.number('TimeoutSeconds', { least: 1, most: 99_999_999 });
  const comment = fields.string('Comment');
  fields.allow('Version');
  const graph = new GraphReader(problems).read(fields, language);
  if (problems.found.length === 0) checkExpress(graph, type === 'EXPRESS', '', problems);
  if (problems.found.length > 0) return { ok: false, problems: problems.found };
  return { ok: true, definition: { ...graph, comment, timeoutSeconds } };
}
