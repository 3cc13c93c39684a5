import { nearest } from '../nearest.js';
import type { Expression } from './ast.js';
import { Budget } from './budget.js';
import { builtin, builtinNames } from './builtins.js';
import { dictMethods, matchMethods, rangeMethods, sequenceMethods, setMethods } from './container-methods.js';
import { EvaluationFailure } from './errors.js';
import { partsOf } from './parts.js';
import { checkPattern } from './re-module.js';
import { stringMethods } from './string-methods.js';
import { PyModule } from './values.js';

/** A call that always fails, whatever the data. */
export interface HopelessCall {
  readonly message: string;
  readonly hint: string;
  /** The part of the expression that is wrong, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** The methods that some type of value has. */
const methodNames: ReadonlySet<string> = new Set(
  [stringMethods, dictMethods, sequenceMethods, setMethods, matchMethods, rangeMethods].flatMap((methods) => [
    ...methods.keys(),
  ]),
);

/** Methods that change Python's lists, dicts and sets: an expression only has a value, without side effects. */
const mutating: ReadonlySet<string> = new Set(
  'add append clear discard extend insert pop popitem remove reverse setdefault sort update'.split(' '),
);

/**
 * Finds the calls of an expression that can never succeed: calls of functions and methods that the language does not
 * have, and of `re` with an invalid pattern. JSON data contain no functions, so the callee is known without the data.
 *
 * @example
 * ```ts
 * hopelessCalls(parseExpression('lenght(samples) > 3')); // one, whose hint names `len`
 * ```
 */
export function hopelessCalls(expression: Expression): HopelessCall[] {
  const found: HopelessCall[] = [];
  const visit = (node: Expression): void => {
    if (node.kind === 'call') found.push(...problemsOf(node));
    for (const part of partsOf(node)) visit(part);
  };
  visit(expression);
  return found;
}

function problemsOf({ callee, positional }: Expression & { readonly kind: 'call' }): HopelessCall[] {
  if (callee.kind === 'name') {
    if (functionNames.has(callee.name)) return [];
    return [
      {
        message: `There is no function \`${callee.name}\` for conditions.`,
        hint: hintFor(callee.name, functionNames, 'functions'),
        from: callee.from,
        to: callee.to,
      },
    ];
  }
  if (callee.kind !== 'attribute')
    return [
      {
        message: 'Only functions and methods can be called.',
        hint: 'Take the parentheses and what is in them away.',
        from: callee.from,
        to: callee.to,
      },
    ];
  const { object, name } = callee;
  const place = { from: callee.to - name.length, to: callee.to };
  const module = object.kind === 'name' ? modules.get(object.name) : undefined;
  if (object.kind === 'name' && module !== undefined && !methodNames.has(name)) {
    if (!module.members.has(name))
      return [
        {
          message: `\`${object.name}\` has no function \`${name}\` for conditions.`,
          hint: hintFor(name, module.members.keys(), 'functions'),
          ...place,
        },
      ];
    return object.name === 're' ? patternProblem(positional[0]) : [];
  }
  if (methodNames.has(name) && name !== 'format') return [];
  const hint =
    name === 'format'
      ? 'Use `str(…)` and `+`.'
      : mutating.has(name)
        ? 'A condition cannot change a value; `sorted(…)`, `+` and comprehensions make new ones.'
        : hintFor(name, methodNames, 'methods');
  return [{ message: `There is no method \`${name}\` for conditions.`, hint, ...place }];
}

function hintFor(name: string, names: Iterable<string>, what: string): string {
  const near = nearest(name, [...names]);
  return near === undefined ? `docs/reference/template.md lists the ${what}.` : `Did you mean \`${near}\`?`;
}

function patternProblem(pattern: Expression | undefined): HopelessCall[] {
  if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string') return [];
  try {
    checkPattern(pattern.value);
    return [];
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    return [
      {
        message,
        hint: 'Write a pattern of RE2: Python’s syntax without backreferences and look-around.',
        from: pattern.from,
        to: pattern.to,
      },
    ];
  }
}

/** `math` and `re`, to look up what they have. */
const modules: ReadonlyMap<string, PyModule> = new Map(
  ['math', 're'].flatMap((name): [string, PyModule][] => {
    const value = builtin(name, new Budget());
    return value instanceof PyModule ? [[name, value]] : [];
  }),
);

const functionNames: ReadonlySet<string> = new Set([...builtinNames].filter((name) => !modules.has(name)));
