import type { Clause, Expression, Target } from './ast.js';
import { Budget } from './budget.js';
import { builtin } from './builtins.js';
import { compare } from './comparison.js';
import { dictMethods, matchMethods, rangeMethods, sequenceMethods, setMethods } from './container-methods.js';
import { EvaluationFailure, ExpressionError } from './errors.js';
import { visit } from './iteration.js';
import { binary, sign } from './operators.js';
import { stringMethods } from './string-methods.js';
import { index, slice } from './subscript.js';
import {
  type Arguments,
  PyDict,
  PyFunction,
  PyIterator,
  PyList,
  PyMatch,
  PyModule,
  PyRange,
  PySet,
  PyTuple,
  truth,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

/** Scopes for name lookup: a comprehension's own, then the enclosing ones, then the data, then builtins. */
interface Scope {
  readonly names: Map<string, Value>;
  readonly outer: Scope | undefined;
}

/** Evaluates one tree over one set of data, within one budget. */
export class Interpreter {
  private readonly text: string;
  private readonly data: ReadonlyMap<string, Value>;
  private readonly budget = new Budget();
  private readonly builtins = new Map<string, Value>();

  constructor(text: string, data: ReadonlyMap<string, Value>) {
    this.text = text;
    this.data = data;
  }

  run(expression: Expression): Value {
    return this.evaluate(expression, undefined);
  }

  /** Evaluates a node; a failure is tied to the innermost node that caused it. */
  private evaluate(node: Expression, scope: Scope | undefined): Value {
    try {
      this.budget.spend();
      return this.node(node, scope);
    } catch (error) {
      if (error instanceof EvaluationFailure)
        throw new ExpressionError(this.text, this.text.slice(node.from, node.to), error);
      if (error instanceof RangeError)
        throw new ExpressionError(
          this.text,
          this.text.slice(node.from, node.to),
          new EvaluationFailure('BudgetExceeded', 'it nests too deeply or grows too large'),
        );
      throw error;
    }
  }

  private node(node: Expression, scope: Scope | undefined): Value {
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'name':
        return this.name(node.name, scope);
      case 'attribute':
        return attribute(this.evaluate(node.object, scope), node.name);
      case 'index':
        return index(this.evaluate(node.object, scope), this.evaluate(node.index, scope), this.budget);
      case 'slice': {
        const part = (bound: Expression | undefined) => (bound === undefined ? null : this.evaluate(bound, scope));
        return slice(
          this.evaluate(node.object, scope),
          part(node.start),
          part(node.stop),
          part(node.step),
          this.budget,
        );
      }
      case 'unary': {
        const operand = this.evaluate(node.operand, scope);
        return node.operator === 'not' ? !truth(operand) : sign(node.operator, operand);
      }
      case 'binary':
        return binary(node.operator, this.evaluate(node.left, scope), this.evaluate(node.right, scope), this.budget);
      case 'comparison': {
        let left = this.evaluate(node.first, scope);
        for (const { operator, operand } of node.rest) {
          const right = this.evaluate(operand, scope);
          if (!compare(operator, left, right, this.budget)) return false;
          left = right;
        }
        return true;
      }
      case 'boolean': {
        const left = this.evaluate(node.left, scope);
        return truth(left) === (node.operator === 'or') ? left : this.evaluate(node.right, scope);
      }
      case 'conditional':
        return this.evaluate(truth(this.evaluate(node.test, scope)) ? node.whenTrue : node.whenFalse, scope);
      case 'display': {
        this.budget.reserve(node.items.length);
        return collect(
          node.type,
          node.items.map((item) => this.evaluate(item, scope)),
          this.budget,
        );
      }
      case 'dict':
        this.budget.reserve(node.entries.length);
        return PyDict.of(
          node.entries.map(({ key, value }) => [this.evaluate(key, scope), this.evaluate(value, scope)] as const),
          this.budget,
        );
      case 'comprehension': {
        const items = this.produced(node.clauses, scope, (inside) => this.evaluate(node.item, inside));
        return node.type === 'generator'
          ? new PyIterator('generator', items)
          : collect(node.type, this.all(items), this.budget);
      }
      case 'dict-comprehension': {
        const pair = (inside: Scope): readonly [Value, Value] => [
          this.evaluate(node.key, inside),
          this.evaluate(node.value, inside),
        ];
        return PyDict.of(this.all(this.produced(node.clauses, scope, pair)), this.budget);
      }
      case 'call':
        return this.call(node, scope);
    }
  }

  private name(name: string, scope: Scope | undefined): Value {
    for (let at = scope; at !== undefined; at = at.outer) {
      const value = at.names.get(name);
      if (value !== undefined) return value;
    }
    const value = this.data.get(name);
    if (value !== undefined) return value;
    const known = this.builtins.get(name);
    if (known !== undefined) return known;
    const made = builtin(name, this.budget);
    if (made === undefined) throw new EvaluationFailure('NameError', `name '${name}' is not defined`);
    this.builtins.set(name, made);
    return made;
  }

  private all<T>(items: Iterable<T>): T[] {
    const all: T[] = [];
    for (const item of items) {
      this.budget.reserve(1);
      all.push(item);
    }
    return all;
  }

  /**
   * Yields the items of a comprehension lazily. The first iterable is evaluated at once and in the enclosing scope, as
   * in Python: a generator over a missing name fails where it is written, not where it is read.
   */
  private produced<T>(
    clauses: readonly Clause[],
    scope: Scope | undefined,
    result: (inside: Scope) => T,
  ): Generator<T, void> {
    const [first] = clauses;
    const source = first === undefined ? undefined : this.evaluate(first.iterable, scope);
    const items = source === undefined ? undefined : visit(source, this.budget);
    return this.clause(clauses, 0, { names: new Map(), outer: scope }, items, result);
  }

  private *clause<T>(
    clauses: readonly Clause[],
    at: number,
    scope: Scope,
    items: Iterable<Value> | undefined,
    result: (inside: Scope) => T,
  ): Generator<T, void> {
    const clause = clauses[at];
    if (clause === undefined) {
      yield result(scope);
      return;
    }
    for (const item of items ?? visit(this.evaluate(clause.iterable, scope), this.budget)) {
      this.assign(clause.target, item, scope);
      if (clause.conditions.every((condition) => truth(this.evaluate(condition, scope))))
        yield* this.clause(clauses, at + 1, scope, undefined, result);
    }
  }

  private assign(target: Target, value: Value, scope: Scope): void {
    if ('name' in target) {
      scope.names.set(target.name, value);
      return;
    }
    const values = [...visit(value, this.budget)];
    if (values.length > target.names.length)
      throw valueError(`too many values to unpack (expected ${target.names.length})`);
    if (values.length < target.names.length)
      throw valueError(`not enough values to unpack (expected ${target.names.length}, got ${values.length})`);
    for (const [position, inner] of target.names.entries()) this.assign(inner, values[position] ?? null, scope);
  }

  private call(node: Expression & { readonly kind: 'call' }, scope: Scope | undefined): Value {
    const callee = this.callee(node.callee, scope);
    const args: Arguments = {
      positional: node.positional.map((argument) => this.evaluate(argument, scope)),
      named: new Map(node.named.map(({ name, value }) => [name, this.evaluate(value, scope)])),
    };
    for (const value of args.positional) this.budget.read(value);
    for (const value of args.named.values()) this.budget.read(value);
    return callee(args);
  }

  private callee(node: Expression, scope: Scope | undefined): (args: Arguments) => Value {
    if (node.kind === 'attribute') {
      const object = this.evaluate(node.object, scope);
      this.budget.read(object);
      const bound = method(object, node.name, this.budget);
      if (bound !== undefined) return bound;
      return callable(attribute(object, node.name));
    }
    return callable(this.evaluate(node, scope));
  }
}

function callable(value: Value): (args: Arguments) => Value {
  if (value instanceof PyFunction) return value.call;
  throw typeError(`'${typeName(value)}' object is not callable`);
}

function collect(type: 'list' | 'tuple' | 'set', items: Value[], budget: Budget): Value {
  switch (type) {
    case 'list':
      return new PyList(items);
    case 'tuple':
      return new PyTuple(items);
    case 'set':
      return PySet.of(items, budget);
  }
}

/** `object.name` outside of a call: a key of a dictionary, or a member of a module. */
function attribute(object: Value, name: string): Value {
  const value =
    object instanceof PyDict ? object.get(name) : object instanceof PyModule ? object.members.get(name) : undefined;
  if (value !== undefined) return value;
  if (object instanceof PyDict) throw new EvaluationFailure('KeyError', `'${name}'`);
  throw new EvaluationFailure(
    'AttributeError',
    object instanceof PyModule
      ? `module '${object.name}' has no attribute '${name}'`
      : `'${typeName(object)}' object has no attribute '${name}'`,
  );
}

function method(object: Value, name: string, budget: Budget): ((args: Arguments) => Value) | undefined {
  const found = lookUp(object, name);
  return found === undefined ? undefined : (args) => found(args, budget);
}

function lookUp(object: Value, name: string): ((args: Arguments, budget: Budget) => Value) | undefined {
  const on = <Self>(
    self: Self,
    methods: ReadonlyMap<string, (self: Self, args: Arguments, budget: Budget) => Value>,
  ) => {
    const found = methods.get(name);
    return found === undefined ? undefined : (args: Arguments, budget: Budget) => found(self, args, budget);
  };
  if (typeof object === 'string') return on(object, stringMethods);
  if (object instanceof PyDict) return on(object, dictMethods);
  if (object instanceof PyList || object instanceof PyTuple) return on(object, sequenceMethods);
  if (object instanceof PySet) return on(object, setMethods);
  if (object instanceof PyMatch) return on(object, matchMethods);
  if (object instanceof PyRange) return on(object, rangeMethods);
  return undefined;
}
