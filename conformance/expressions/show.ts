import { floatText } from '../../packages/spec/src/expressions/representation.js';
import {
  PyDict,
  PyList,
  PyMatch,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  type Value,
} from '../../packages/spec/src/expressions/values.js';

/** A value in the output format of oracle.py. */
export function show(value: Value): unknown {
  if (value === null) return { NoneType: null };
  switch (typeof value) {
    case 'boolean':
      return { bool: value };
    case 'bigint':
      return { int: value.toString() };
    case 'number':
      return { float: floatText(value) };
    case 'string':
      return { str: value };
  }
  if (value instanceof PyDict)
    return { dict: [...value.entries.values()].map(([key, item]) => [show(key), show(item)]) };
  if (value instanceof PyList) return { list: value.items.map(show) };
  if (value instanceof PyTuple) return { tuple: value.items.map(show) };
  if (value instanceof PySet) return { set: [...value.entries.values()].map((item) => spaced(show(item))).sort() };
  if (value instanceof PyRange)
    return { range: `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})` };
  if (value instanceof PyView) return { view: [...value.items()].map(show) };
  if (value instanceof PyMatch) {
    const [whole, ...groups] = value.groups;
    return { match: [[whole?.start, whole?.end], groups.map((group) => show(group?.text ?? null))] };
  }
  return { other: typeOther(value) };
}

const typeOther = (value: object) => ('kind' in value ? value.kind : 'builtin_function_or_method');

/** JSON with the spaces of Python's json.dumps, so that the members of sets sort in the same order. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
