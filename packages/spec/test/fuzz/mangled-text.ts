import fc from 'fast-check';
import { templates } from './corpus.js';

/** Pieces with a meaning in YAML, or nearly. */
const pieces = [
  ...[' ', '  ', '\n', '\n\n', '   \n', '        \n', '\t', '\r\n', '\u00a0', '\u0085', '\u2028', 'é', '\uFEFF'],
  ...['-', '- ', '- - ', ':', ': ', ',', ', ', '{', '}', '[', ']', '{}', '[]', '?', '? ', '|', '|\n', '|-\n', '|+\n'],
  ...[
    '>',
    '>\n',
    '#',
    ' #',
    ' # c',
    '\n# c\n',
    '\n   # c\n',
    '"',
    "'",
    "''",
    '\\',
    '\\n',
    '%',
    '@',
    '`',
    '---\n',
    '...\n',
  ],
  ...[
    '&a ',
    '*a',
    '!t ',
    '!Ref ',
    '<<',
    '<<: *a',
    '<<: x',
    'a: b',
    'a: b\n',
    'a b',
    'x\n',
    '${a}',
    's3://a/b',
    '=',
    '()',
  ],
  ...['~', 'null', 'true', 'FALSE', '0x1f', '0o7', '1e3', '-1', '+1', '.5', '1.', '-0', '.inf', '1_000', '2001-01-01'],
];

type Change = {
  readonly kind: 'cut' | 'insert' | 'indent' | 'line' | 'value';
  at: number;
  size: number;
  piece: string;
};

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'insert', 'insert', 'indent', 'line', 'value'),
  at: fc.nat(1_000_000),
  size: fc.nat(11),
  piece: fc.constantFrom(...pieces),
});

/** Templates, or parts of them, with some characters changed: mostly invalid YAML, sometimes other YAML. */
export const mangled: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...templates), fc.option(fc.nat(1_000_000)), fc.array(change, { maxLength: 4 }))
  .map(([template, from, changes]) => changes.reduce(applied, from === null ? template : partOf(template, from)));

/** Some lines of a text, with less indentation. */
function partOf(text: string, from: number): string {
  const lines = text.split('\n');
  const part = lines.slice(from % lines.length).slice(0, 12);
  const indents = part.map((line) => line.search(/\S/)).filter((indent) => indent >= 0);
  return part.map((line) => line.slice(Math.min(...indents, 100))).join('\n');
}

function applied(text: string, { kind, at, size, piece }: Change): string {
  const place = at % (text.length + 1);
  const put = (offset: number, removed: number, inserted: string) =>
    text.slice(0, offset) + inserted + text.slice(offset + removed);
  const lineEnd = text.indexOf('\n', place) + 1;
  const colonEnd = text.indexOf(': ', place) + 2;
  switch (kind) {
    case 'cut':
      return put(place, size, '');
    case 'insert':
      return put(place, 0, piece);
    case 'indent':
      return put(lineEnd, size, ' '.repeat(at % 12));
    case 'line':
      return put(lineEnd, 0, piece);
    case 'value':
      return put(colonEnd, size % 2 === 0 ? 0 : size, piece);
  }
}
