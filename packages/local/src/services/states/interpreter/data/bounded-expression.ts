import { compileJsonata } from './jsonata-evaluation.js';

/** Functions whose work and result grow no faster than their arguments. */
const boundedFunctions = new Set(
  `abs append average boolean ceil count exists floor hash keys length lowercase max merge min millis not now number
   power random round sqrt string substring sum type uppercase uuid`.split(/\s+/),
);
const boundedOperators = new Set(['&', '+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in']);

/** An expression above these limits is not simple, and the data that it references so often may be large. */
const limits = { nodes: 500, variables: 50 };

const known = new Map<string, boolean>();
const cacheLimit = 10_000;

/**
 * Returns true if the syntax tree shows that an expression's work and result are at most a small multiple of the data
 * that it reads: paths by name and position, literals, comparisons, arithmetic, constructors and some functions.
 * Returns false for everything that can loop, repeat or recurse: lambdas, variables of its own, ranges, regular
 * expressions, wildcards, grouping.
 */
export function isBounded(source: string): boolean {
  const before = known.get(source);
  if (before !== undefined) return before;
  let bounded: boolean;
  try {
    bounded = new Check().node(compileJsonata(source).ast(), true);
  } catch {
    bounded = true; // It does not compile; the evaluation reports the error.
  }
  if (known.size >= cacheLimit) known.clear();
  known.set(source, bounded);
  return bounded;
}

class Check {
  #nodes = 0;
  #variables = 0;

  /**
   * @param outside true if the node is evaluated once. Inside a path it is evaluated for each item and must not refer
   *   to all of the data through a variable, because the work would be a product
   */
  node(value: unknown, outside: boolean): boolean {
    this.#nodes += 1;
    if (this.#nodes > limits.nodes || typeof value !== 'object' || value === null) return false;
    const node: Readonly<Record<string, unknown>> = { ...value };
    // Modifiers that change the meaning of a node (`@$x`, `#$i`, `^(…)`, `{…}` after a path) make it a different kind.
    for (const [key, held] of Object.entries(node)) if (held !== undefined && !plainKeys.has(key)) return false;
    if (!this.#stages(node['stages']) || !this.#stages(node['predicate'])) return false;
    const all = (list: unknown, within = outside): boolean =>
      Array.isArray(list) && list.every((item) => this.node(item, within));
    switch (node['type']) {
      case 'string':
      case 'number':
      case 'value':
      case 'name':
        return true;
      case 'variable':
        this.#variables += 1;
        return outside && this.#variables <= limits.variables;
      case 'path': {
        const steps: unknown = node['steps'];
        if (!Array.isArray(steps)) return false;
        const [first, ...rest] = steps;
        return this.node(first, outside) && all(rest, false);
      }
      case 'binary':
        return (
          boundedOperators.has(String(node['value'])) &&
          this.node(node['lhs'], outside) &&
          this.node(node['rhs'], outside)
        );
      case 'unary':
        if (node['value'] === '-') return this.node(node['expression'], outside);
        if (node['value'] === '[') return all(node['expressions']);
        // `{…}` groups the items of its context; with a string literal as its key it creates one object.
        return (
          node['value'] === '{' &&
          Array.isArray(node['lhs']) &&
          node['lhs'].every((pair) => Array.isArray(pair) && pair[0]?.type === 'string' && this.node(pair[1], outside))
        );
      case 'condition':
        return all([node['condition'], node['then'], ...(node['else'] === undefined ? [] : [node['else']])]);
      case 'block':
        return all(node['expressions']);
      case 'function': {
        const procedure: unknown = node['procedure'];
        return (
          typeof procedure === 'object' &&
          procedure !== null &&
          Reflect.get(procedure, 'type') === 'variable' &&
          boundedFunctions.has(String(Reflect.get(procedure, 'value'))) &&
          all(node['arguments'])
        );
      }
      default:
        return false;
    }
  }

  #stages(stages: unknown): boolean {
    if (stages === undefined) return true;
    return Array.isArray(stages) && stages.every((stage) => stage?.type === 'filter' && this.node(stage.expr, false));
  }
}

const plainKeys = new Set(
  `type value position steps stages predicate lhs rhs expression expressions condition then else procedure arguments
   consarray keepArray keepSingletonArray`.split(/\s+/),
);
