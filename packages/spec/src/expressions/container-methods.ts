import { bind, integer, plain } from './arguments.js';
import type { Budget } from './budget.js';
import { contains, isSubset, numeric, same } from './comparison.js';
import { EvaluationFailure } from './errors.js';
import { visit } from './iteration.js';
import { representation } from './representation.js';
import { group } from './subscript.js';
import {
  type Arguments,
  PyDict,
  type PyList,
  type PyMatch,
  type PyRange,
  PySet,
  PyTuple,
  PyView,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

type Method<Self> = (self: Self, args: Arguments, budget: Budget) => Value;

const position: Method<PyList | PyTuple> = (self, args, budget) => {
  const [item = null, start, stop] = bind('index', args, ['/value', '/start?', '/stop?']);
  const length = self.items.length;
  const clamp = (value: Value | undefined, otherwise: number) => {
    if (value === undefined) return otherwise;
    const at = Number(integer(value));
    return at < 0 ? Math.max(0, at + length) : at;
  };
  const [from, to] = [clamp(start, 0), Math.min(clamp(stop, length), length)];
  for (let at = from; at < to; at += 1) if (same(self.items[at] ?? null, item, budget)) return BigInt(at);
  throw valueError(`${representation(item, budget)} is not in ${typeName(self)}`);
};

const count: Method<PyList | PyTuple> = (self, args, budget) => {
  const [item = null] = bind('count', args, ['/value']);
  return BigInt(self.items.filter((other) => same(other, item, budget)).length);
};

export const sequenceMethods: ReadonlyMap<string, Method<PyList | PyTuple>> = new Map([
  ['index', position],
  ['count', count],
  [
    'copy',
    (self, args) => {
      bind('copy', args, []);
      if (self instanceof PyTuple)
        throw new EvaluationFailure('AttributeError', "'tuple' object has no attribute 'copy'");
      return self;
    },
  ],
]);

export const rangeMethods: ReadonlyMap<string, Method<PyRange>> = new Map<string, Method<PyRange>>([
  [
    'count',
    (self, args, budget) => {
      const [item = null] = bind('count', args, ['/value']);
      return contains(self, item, budget) ? 1n : 0n;
    },
  ],
  [
    'index',
    (self, args, budget) => {
      const [item = null] = bind('index', args, ['/value']);
      if (!contains(self, item, budget)) throw valueError(`${representation(item, budget)} is not in range`);
      return (BigInt(numeric(item) ?? 0n) - self.start) / self.step;
    },
  ],
]);

export const dictMethods: ReadonlyMap<string, Method<PyDict>> = new Map<string, Method<PyDict>>([
  [
    'get',
    (self, args, budget) => {
      const [key = null, otherwise] = bind('get', args, ['/key', '/default?']);
      const found = self.get(key, budget);
      return found === undefined ? (otherwise ?? null) : found;
    },
  ],
  ['keys', plain('keys', (self) => new PyView(self, 'keys'))],
  ['values', plain('values', (self) => new PyView(self, 'values'))],
  ['items', plain('items', (self) => new PyView(self, 'items'))],
  ['copy', plain('copy', (self) => self)],
]);

/** The operands of a set method: any iterables. */
function others(name: string, args: Arguments, budget: Budget): PySet[] {
  if (args.named.size > 0) throw typeError(`set.${name}() takes no keyword arguments`);
  return args.positional.map((value) => asSet(value, budget));
}

function asSet(value: Value, budget: Budget): PySet {
  if (value instanceof PySet) return value;
  return PySet.of(visit(value, budget), budget);
}

function one(name: string, args: Arguments, budget: Budget): PySet {
  const [only, ...rest] = others(name, args, budget);
  if (only === undefined || rest.length > 0)
    throw typeError(`set.${name}() takes exactly one argument (${args.positional.length} given)`);
  return only;
}

function filter(self: PySet, keep: (hash: string) => boolean, budget: Budget): PySet {
  budget.spend(self.entries.size);
  return new PySet(new Map([...self.entries].filter(([hash]) => keep(hash))));
}

function within(left: PySet, right: PySet, budget: Budget): boolean {
  budget.spend(left.entries.size);
  return isSubset(left, right);
}

export const setMethods: ReadonlyMap<string, Method<PySet>> = new Map<string, Method<PySet>>([
  ['copy', plain('copy', (self) => self)],
  [
    'union',
    (self, args, budget) => {
      const sets = [self, ...others('union', args, budget)];
      budget.spend(sets.reduce((size, set) => size + set.entries.size, 0));
      return PySet.of(
        sets.flatMap((set) => [...set.entries.values()]),
        budget,
      );
    },
  ],
  [
    'intersection',
    (self, args, budget) => {
      const sets = others('intersection', args, budget);
      return filter(self, (hash) => sets.every((set) => set.entries.has(hash)), budget);
    },
  ],
  [
    'difference',
    (self, args, budget) => {
      const sets = others('difference', args, budget);
      return filter(self, (hash) => !sets.some((set) => set.entries.has(hash)), budget);
    },
  ],
  [
    'symmetric_difference',
    (self, args, budget) => {
      const other = one('symmetric_difference', args, budget);
      const left = filter(self, (hash) => !other.entries.has(hash), budget);
      return new PySet(new Map([...left.entries, ...filter(other, (hash) => !self.entries.has(hash), budget).entries]));
    },
  ],
  ['issubset', (self, args, budget) => within(self, one('issubset', args, budget), budget)],
  ['issuperset', (self, args, budget) => within(one('issuperset', args, budget), self, budget)],
  [
    'isdisjoint',
    (self, args, budget) => {
      const other = one('isdisjoint', args, budget);
      budget.spend(self.entries.size);
      return ![...self.entries.keys()].some((hash) => other.entries.has(hash));
    },
  ],
]);

const edge =
  (name: 'start' | 'end'): Method<PyMatch> =>
  (self, args) => {
    const [key] = bind(name, args, ['/group?']);
    group(self, key ?? 0n);
    const at = typeof key === 'string' ? (self.names.get(key) ?? 0) : Number(key ?? 0n);
    return BigInt(self.groups[at]?.[name] ?? -1);
  };

export const matchMethods: ReadonlyMap<string, Method<PyMatch>> = new Map<string, Method<PyMatch>>([
  [
    'group',
    (self, args) => {
      if (args.named.size > 0) throw typeError('group() takes no keyword arguments');
      const groups = args.positional.map((key) => group(self, key));
      if (args.positional.length === 0) return group(self, 0n);
      return groups.length === 1 ? (groups[0] ?? null) : new PyTuple(groups);
    },
  ],
  [
    'groups',
    (self, args) => {
      const [otherwise] = bind('groups', args, ['default?']);
      return new PyTuple(self.groups.slice(1).map((found) => found?.text ?? otherwise ?? null));
    },
  ],
  [
    'groupdict',
    (self, args) => {
      const [otherwise] = bind('groupdict', args, ['default?']);
      return PyDict.of(
        [...self.names].map(([name, at]) => [name, self.groups[at]?.text ?? otherwise ?? null] as const),
      );
    },
  ],
  ['start', edge('start')],
  ['end', edge('end')],
  ['span', (self, args, budget) => new PyTuple([edge('start')(self, args, budget), edge('end')(self, args, budget)])],
]);
