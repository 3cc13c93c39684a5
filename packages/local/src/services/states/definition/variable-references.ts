import { isArray, isObject, type Json, type JsonObject, parseJson } from '../interpreter/data/json.js';
import { expressionIn } from '../interpreter/data/jsonata.js';

/** Names after a single `$`, outside of texts in quotes; `$$` is the context object, `$name(` a function of JSONata. */
const reference =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?<!\$)\$([\p{ID_Start}_][\p{ID_Continue}]*)(?!\s*\(|[\p{ID_Continue}])/gu;
/** Names that a JSONata expression itself gives: `$x := …` and the parameters of its functions. */
const own = /\$(\w+)\s*:=|function\s*\(([^)]*)\)/g;

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(reference)].flatMap(([, name]) => (name === undefined || name === 'states' ? [] : [name]));
}

function namesInExpression(text: string): readonly string[] {
  const given = new Set(
    [...text.matchAll(own)].flatMap(([, bound, parameters = '']) =>
      bound === undefined ? namesIn(parameters) : [bound],
    ),
  );
  return namesIn(text).filter((name) => !given.has(name));
}

/** The names in one state's own fields, not in those of the states inside it. */
function* namesOf(value: Json, key: string): Generator<string> {
  if (typeof value === 'string') {
    const expression = expressionIn(value);
    if (expression !== undefined) yield* namesInExpression(expression);
    else if (key.endsWith('.$') || key.endsWith('Path') || key === 'Variable') yield* namesIn(value);
  } else if (isArray(value)) for (const item of value) yield* namesOf(item, key);
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) if (!nested.has(name)) yield* namesOf(member, name);
  }
}

const nested: ReadonlySet<string> = new Set(['ItemProcessor', 'Iterator', 'Branches']);

function* statesIn(graph: JsonObject): Generator<readonly [string, JsonObject]> {
  const states = graph['States'];
  for (const [name, state] of Object.entries(isObject(states) ? states : {})) {
    if (!isObject(state)) continue;
    yield [name, state];
    const { ItemProcessor, Iterator: iterator, Branches } = state;
    for (const inner of [ItemProcessor, iterator, ...(isArray(Branches) ? Branches : [])])
      if (isObject(inner)) yield* statesIn(inner);
  }
}

/**
 * The variables that each state of a definition reads, by the states' names (DescribeStateMachine,
 * `variableReferences`); undefined when none reads any.
 */
export function variableReferences(definition: string): Readonly<Record<string, readonly string[]>> | undefined {
  const root = parseJson(definition);
  const found = [...statesIn(isObject(root) ? root : {})].flatMap(([state, fields]) => {
    const names = [...new Set(namesOf(fields, ''))].sort();
    return names.length === 0 ? [] : [[state, names] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
