import fc from 'fast-check';
import {
  Alias,
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Pair,
  Scalar,
  type YAMLMap,
} from 'yaml';

/** An entry of a map somewhere in a document. */
export interface Entry {
  readonly map: YAMLMap;
  readonly pair: Pair;
  /** Keys and indices from the top to the entry. */
  readonly path: readonly (string | number)[];
}

/** A mistake to make: its name, and a function that makes it at an entry of a document. */
export interface Mutation {
  readonly name: string;
  /** @returns the path of the mistake in the result */
  readonly make: (entry: Entry, document: Document, pick: Pick) => readonly (string | number)[];
}

/** Random choices for a mutation. */
export interface Pick {
  readonly number: number;
  readonly text: string;
}

/** A name that no template has. */
const marker = 'zzmutant';

const replacements = [
  ...[
    '',
    ' ',
    marker,
    '0',
    '-1',
    '1e9',
    'true',
    '~',
    '{}',
    '[]',
    '*',
    '**',
    '/',
    '..',
    'a b',
    'a\nb',
    'é',
    '💥',
    ': ',
    '# x',
  ],
  ...[
    '${job.x}',
    '${scatter.x}',
    '${parent.x}',
    '${job.',
    '${Nope}',
    '${}',
    '$',
    's3://',
    's3://b/k',
    'x:latest',
    '5m',
    '10 Gb',
  ],
  ...[
    '9**9**9',
    '__import__("os")',
    '(((((',
    'a and',
    'not',
    '@f:$[',
    'a -> b -> c',
    ' +x: y',
    'arn:aws:iam::1:role/r',
    '100%',
  ],
];

export const pick: fc.Arbitrary<Pick> = fc.record({
  number: fc.nat(1_000_000),
  text: fc.oneof(fc.constantFrom(...replacements), fc.string({ maxLength: 12 })),
});

const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  marker,
  '',
  [],
  {},
  [[marker]],
  { [marker]: 1 },
  [null],
  { a: { b: [] } },
];

export const mutations: readonly Mutation[] = [
  {
    name: 'a key with another name',
    make: ({ pair, path }) => {
      pair.key = new Scalar(marker);
      return [...path.slice(0, -1), marker];
    },
  },
  {
    name: 'a key with a letter too few or two letters swapped',
    make: ({ pair, path }, _, { number }) => {
      const name = String(path.at(-1));
      const at = number % Math.max(1, name.length);
      const written =
        number % 2 === 0
          ? name.slice(0, at) + name.slice(at + 1)
          : name.slice(0, at) +
            name
              .slice(at, at + 2)
              .split('')
              .reverse()
              .join('') +
            name.slice(at + 2);
      pair.key = new Scalar(written);
      return [...path.slice(0, -1), written];
    },
  },
  {
    name: 'a value of another type',
    make: ({ pair, path }, document, { number }) => {
      pair.value = document.createNode(values[number % values.length]);
      return path;
    },
  },
  {
    name: 'another text',
    make: ({ pair, path }, document, { text }) => {
      pair.value = document.createNode(text);
      return path;
    },
  },
  {
    name: 'a missing key',
    make: ({ map, pair, path }) => {
      map.items.splice(map.items.indexOf(pair), 1);
      return path.slice(0, -1);
    },
  },
  {
    name: 'nesting many times over',
    make: ({ pair, path }, document, { number }) => {
      const levels = 1 + (number % 150);
      let nested: unknown = pair.value;
      for (let level = 0; level < levels; level += 1)
        nested = document.createNode(number % 2 === 0 ? [nested] : { [marker]: nested });
      pair.value = nested;
      return path;
    },
  },
  {
    name: 'an alias of another value',
    make: ({ pair, path }, document, { number }) => {
      const others = entriesOf(document).filter(
        (other) => isCollection(other.pair.value) && !startsWith(path, other.path),
      );
      const other = others[number % Math.max(1, others.length)];
      if (other !== undefined && isCollection(other.pair.value) && comesBefore(other.path, path, document)) {
        other.pair.value.anchor = 'anchor';
        pair.value = new Alias('anchor');
      }
      return path;
    },
  },
  {
    name: 'a merge key',
    make: ({ map, path }, document, { number }) => {
      const others = entriesOf(document).filter((other) => isMap(other.pair.value) && !startsWith(path, other.path));
      const other = others[number % Math.max(1, others.length)];
      if (other !== undefined && isMap(other.pair.value) && comesBefore(other.path, path, document)) {
        other.pair.value.anchor = 'anchor';
        map.items.push(new Pair(new Scalar('<<'), new Alias('anchor')));
      }
      return path.slice(0, -1);
    },
  },
  {
    name: 'a key given twice',
    make: ({ map, pair, path }) => {
      const copyOf = (node: unknown) => (isNode(node) ? node.clone() : node);
      map.items.push(new Pair(copyOf(pair.key), copyOf(pair.value)));
      return path;
    },
  },
];

/** Every entry of every map of a document, with its path. */
export function entriesOf(document: Document): readonly Entry[] {
  const entries: Entry[] = [];
  const visit = (node: unknown, path: readonly (string | number)[]): void => {
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    if (!isMap(node)) return;
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const here = [...path, String(pair.key.value)];
      entries.push({ map: node, pair, path: here });
      visit(pair.value, here);
    }
  };
  visit(document.contents, []);
  return entries;
}

function startsWith(path: readonly unknown[], start: readonly unknown[]): boolean {
  return start.every((segment, index) => path[index] === segment);
}

/** Returns true if an entry comes before another one, as an anchor must before its alias. */
function comesBefore(path: readonly unknown[], other: readonly unknown[], document: Document): boolean {
  const paths = entriesOf(document).map((entry) => JSON.stringify(entry.path));
  return paths.indexOf(JSON.stringify(path)) < paths.indexOf(JSON.stringify(other));
}
