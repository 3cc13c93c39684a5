import { type JSONValue, search as searchJmespath } from '@jmespath-community/jmespath';
import { jsonText, parseJson } from '../scalars/json.js';
import { SpelledNumber } from '../scalars/spelled-number.js';
import { withMembers } from '../scalars/with-members.js';

/**
 * Evaluates a JMESPath expression and keeps its numbers as written.
 *
 * The library only calculates with JavaScript's numbers. So it searches twice, the second time with numbers that
 * JavaScript would write differently as opaque objects. If both results agree, that is the result, as written. If they
 * differ, because the expression calculates with such a number, each number of the first result is written like the
 * only number in the data that is equal to it.
 *
 * @throws Error from the library
 */
export function search(path: string, values: Readonly<Record<string, unknown>>): unknown {
  const spellings = new Map<number, Set<string>>();
  const plain = copy(values, (number) => {
    const known = spellings.get(Number(number)) ?? new Set();
    spellings.set(Number(number), known.add(String(number)));
    return Number(number);
  });
  const found: unknown = searchJmespath(json(plain), path);
  if ([...spellings].every(([number, texts]) => texts.size === 1 && texts.has(String(number)))) return found;
  const carried = carriedThrough(path, values);
  if (jsonText(written(carried, plainText)) === jsonText(found)) return written(carried, (text) => text);
  return copy(found, (number) => {
    const [only, ...others] = spellings.get(Number(number)) ?? [];
    return only === undefined || others.length > 0 ? number : parseJson(only);
  });
}

/** A number that is opaque to the library. */
class CarriedNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For `to_string`: a mark that occurs in no text of the data. */
  toJSON(): string {
    return `\u0000${this.text}\u0000`;
  }
}

function carriedThrough(path: string, values: Readonly<Record<string, unknown>>): unknown {
  const carrying = copy(values, (number) => (typeof number === 'number' ? number : new CarriedNumber(String(number))));
  try {
    return searchJmespath(json(carrying), path);
  } catch {
    return undefined; // The expression calculates with one of them.
  }
}

/** A number as the library formats it. */
const plainText = (text: string): string => JSON.stringify(Number(text));

/** Restores the original spelling in values and in texts that were made from opaque numbers. */
function written(value: unknown, spell: (text: string) => string): unknown {
  if (value instanceof CarriedNumber) return parseJson(spell(value.text));
  if (typeof value === 'string') return value.replace(/"\\u0000([^"\\]*)\\u0000"/g, (_, text: string) => spell(text));
  return withMembers(value, (member) => written(member, spell));
}

function copy(value: unknown, change: (number: number | bigint | SpelledNumber) => unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof SpelledNumber) return change(value);
  return withMembers(value, (member) => copy(member, change));
}

/** The library has its own type for results of `JSON.parse`. */
function json(value: unknown): JSONValue {
  return value as JSONValue;
}
