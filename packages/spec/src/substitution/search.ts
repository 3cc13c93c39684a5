import { type JSONValue, search as searchJmespath } from '@jmespath-community/jmespath';
import { jsonText, parseJson } from '../scalars/json.js';
import { SpelledNumber } from '../scalars/spelled-number.js';
import { withMembers } from '../scalars/with-members.js';

/**
 * What a JMESPath expression finds, its numbers as they are written.
 *
 * The library reckons with JavaScript's numbers alone. So it searches twice, the second time with each other number as a thing that it
 * only carries: where both give the same, that is what was asked for, as it was written. Where they differ, because the expression
 * reckons with such a number, a number of the first is written as the only one in the data that equals it.
 *
 * @throws Error as the library does
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

/** A number that the library only carries. */
class CarriedNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For `to_string`: a mark that no text of the data has around it. */
  toJSON(): string {
    return `\u0000${this.text}\u0000`;
  }
}

function carriedThrough(path: string, values: Readonly<Record<string, unknown>>): unknown {
  const carrying = copy(values, (number) => (typeof number === 'number' ? number : new CarriedNumber(String(number))));
  try {
    return searchJmespath(json(carrying), path);
  } catch {
    return undefined; // The expression reckons with one of them.
  }
}

/** A number as the library writes it. */
const plainText = (text: string): string => JSON.stringify(Number(text));

/** What was carried, put back into values and into texts that were made of them. */
function written(value: unknown, spell: (text: string) => string): unknown {
  if (value instanceof CarriedNumber) return parseJson(spell(value.text));
  if (typeof value === 'string') return value.replace(/"\\u0000([^"\\]*)\\u0000"/g, (_, text: string) => spell(text));
  return withMembers(value, (member) => written(member, spell));
}

function copy(value: unknown, change: (number: number | bigint | SpelledNumber) => unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof SpelledNumber) return change(value);
  return withMembers(value, (member) => copy(member, change));
}

/** The library's type is its own name for what `JSON.parse` gives. */
function json(value: unknown): JSONValue {
  return value as JSONValue;
}
