import { exactNumber } from '@bclaw/spec/run-time';
import { isAlias, isMap, isScalar, isSeq, type Pair, parseAllDocuments, type Scalar } from 'yaml';

/** Limit on the number of values: a few lines of nested aliases can expand to more values than fit any memory. */
const maxValues = 10_000_000;

/**
 * Parses a YAML file into JSON values: aliases and merge keys (`<<`) are expanded, whole numbers keep every digit, and
 * types that JSON lacks (a date of YAML 1.1) become their text.
 *
 * The YAML library's own conversion rejects an anchor that is used a hundred times, which is plausible in a sample
 * sheet.
 *
 * @returns the file's content; null when it is empty
 * @throws Error with the reason why it is not a YAML document with JSON values
 */
export function yamlDocument(text: string): unknown {
  // The library would compare every key of a map with every other; here that takes one lookup.
  const documents = parseAllDocuments(text, { intAsBigInt: true, uniqueKeys: false, logLevel: 'error' });
  if (!Array.isArray(documents)) return null;
  const [first, ...further] = documents;
  if (further.length > 0) throw new SyntaxError(`it holds ${documents.length} YAML documents instead of one`);
  const [problem] = first?.errors ?? [];
  if (problem !== undefined) throw problem;
  return new Values().read(first?.contents).value;
}

interface Expanded {
  readonly value: unknown;
  /** Number of values, including itself. */
  readonly count: number;
}

/** Converts nodes to values. Aliases of one node share one value. */
class Values {
  /** Undefined while the node is being read. */
  readonly #anchors = new Map<string, Expanded | undefined>();

  read(node: unknown): Expanded {
    if (isAlias(node)) return this.#anchored(node.source);
    const anchor = anchorOf(node);
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const read = this.#content(node);
    if (read.count > maxValues)
      throw new RangeError(`it holds more than ${maxValues} values when its aliases are expanded`);
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #anchored(name: string): Expanded {
    const found = this.#anchors.get(name);
    if (found !== undefined) return found;
    throw new SyntaxError(
      this.#anchors.has(name) ? `what &${name} marks contains itself` : `no &${name} stands before *${name}`,
    );
  }

  #content(node: unknown): Expanded {
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item));
      return { value: items.map(({ value }) => value), count: sum(items) };
    }
    if (isMap(node)) return this.#map(node.items);
    return { value: isScalar(node) ? jsonScalar(node) : null, count: 1 };
  }

  #map(items: readonly Pair[]): Expanded {
    const own = new Map<string, Expanded>();
    const merged = new Map<string, Expanded>();
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        // Earlier maps take precedence.
        for (const [name, entry] of this.#mergedEntries(value)) if (!merged.has(name)) merged.set(name, entry);
        continue;
      }
      const name = this.#key(key);
      if (own.has(name)) throw new SyntaxError(`the key "${name}" stands twice in one map`);
      own.set(name, this.read(value));
    }
    const entries = [...new Map([...merged, ...own])];
    return {
      value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
      count: sum(entries.map(([, entry]) => entry)),
    };
  }

  #mergedEntries(node: unknown): readonly (readonly [string, Expanded])[] {
    const { value, count } = this.read(node);
    const entries = (Array.isArray(value) ? value : [value]).flatMap((map: unknown) => {
      if (typeof map !== 'object' || map === null || Array.isArray(map))
        throw new SyntaxError('"<<" takes a map or a list of maps');
      return Object.entries(map);
    });
    // The count of each entry is not known any more, only the total.
    return entries.map(([name, entry]) => [name, { value: entry, count: count / entries.length }]);
  }

  #key(node: unknown): string {
    if (isScalar(node)) {
      const anchor = anchorOf(node);
      if (anchor !== undefined) this.#anchors.set(anchor, { value: jsonScalar(node), count: 1 });
      return node.source ?? String(node.value);
    }
    const { value } = this.read(node);
    if (typeof value !== 'object') return String(value);
    throw new SyntaxError('a key is a list or a map, which JSON has not');
  }
}

function anchorOf(node: unknown): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);
}

function sum(parts: readonly Expanded[]): number {
  return parts.reduce((total, { count }) => total + count, 1);
}

/** A number in JSON's notation, which is kept as written. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** 8 in YAML 1.1 and 10 in YAML 1.2, or somebody's name for a lane: it stays as it is written. */
const leadingZero = /^[-+]?0\d/;

function jsonScalar({ value, source }: Scalar): unknown {
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  if (isNumber && source !== undefined && jsonNumber.test(source)) return exactNumber(source);
  if (isNumber && source !== undefined && leadingZero.test(source)) return source;
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new RangeError(`${source ?? value} (${value}) is not a number that JSON has`);
    case 'string':
    case 'boolean':
      return value;
    default:
      return value === null ? null : (source ?? null);
  }
}
