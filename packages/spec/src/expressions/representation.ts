import type { Budget } from './budget.js';
import {
  characters,
  PyDict,
  PyIterator,
  PyList,
  PyMatch,
  PyModule,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  type Value,
  valueError,
} from './values.js';

/** `str(value)`. */
export function toText(value: Value, budget: Budget): string {
  return typeof value === 'string' ? value : representation(value, budget);
}

/** `repr(value)`. */
export function representation(value: Value, budget: Budget): string {
  budget.spend();
  const inside = (items: Iterable<Value>) => Array.from(items, (item) => representation(item, budget)).join(', ');
  const text = () => {
    if (value === null) return 'None';
    switch (typeof value) {
      case 'boolean':
        return value ? 'True' : 'False';
      case 'bigint':
        return integerText(value);
      case 'number':
        budget.spend(4);
        return floatText(value);
      case 'string':
        return quoted(value);
    }
    if (value instanceof PyList) return `[${inside(value.items)}]`;
    if (value instanceof PyTuple)
      return value.items.length === 1 ? `(${inside(value.items)},)` : `(${inside(value.items)})`;
    if (value instanceof PyDict) return `{${entries(value, budget)}}`;
    if (value instanceof PySet) return value.entries.size === 0 ? 'set()' : `{${inside(value.entries.values())}}`;
    if (value instanceof PyRange)
      return `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`;
    if (value instanceof PyView) return `dict_${value.part}([${inside(value.items())}])`;
    if (value instanceof PyIterator) return `<${value.kind} object>`;
    if (value instanceof PyMatch) return matchText(value);
    if (value instanceof PyModule) return `<module '${value.name}'>`;
    return value.isType ? `<class '${value.name}'>` : `<built-in function ${value.name}>`;
  };
  const result = text();
  budget.reserve(result.length);
  return result;
}

function entries(dict: PyDict, budget: Budget): string {
  return [...dict.entries.values()]
    .map(([key, value]) => `${representation(key, budget)}: ${representation(value, budget)}`)
    .join(', ');
}

function matchText(match: PyMatch): string {
  const [whole] = match.groups;
  return `<re.Match object; span=(${whole?.start ?? 0}, ${whole?.end ?? 0}), match=${quoted(whole?.text ?? '')}>`;
}

/**
 * CPython refuses to convert integers of more than 4300 digits ("Integer string conversion length limitation"); so do
 * we.
 */
function integerText(value: bigint): string {
  const text = value.toString();
  if (text.length - (value < 0n ? 1 : 0) > 4300)
    throw valueError('Exceeds the limit (4300 digits) for integer string conversion');
  return text;
}

/** Python's shortest text of a float: JavaScript finds the same digits, but Python formats them differently. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  const sign = value < 0 ? '-' : '';
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${characters(text)
    .map((character) => {
      const name = named[character];
      if (name !== undefined) return name;
      if (character === quote) return `\\${quote}`;
      return isPrintable(character) ? character : escaped(character.codePointAt(0) ?? 0);
    })
    .join('')}${quote}`;
}

function escaped(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/**
 * Returns true for a printable character as in `str.isprintable`: no control, format, surrogate, private or unassigned
 * character, and no separator except the space.
 */
export function isPrintable(character: string): boolean {
  return character === ' ' || !/[\p{C}\p{Z}]/u.test(character);
}
