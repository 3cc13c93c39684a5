import fc from 'fast-check';

/** Scalars that YAML parsers are known to interpret differently, and scalars that look similar. */
const hard = [
  ...[
    'NO',
    'no',
    'No',
    'nO',
    'yes',
    'YES',
    'on',
    'Off',
    'y',
    'N',
    'true',
    'True',
    'tRUE',
    'FALSE',
    'null',
    'NULL',
    'nULL',
    '~',
    '',
  ],
  ...[
    '010',
    '011',
    '08',
    '0',
    '00',
    '-0',
    '+1',
    '-010',
    '0o17',
    '0O17',
    '0x1F',
    '-0x1F',
    '0X1F',
    '0b11',
    '0b',
    '0b2',
    '1_000',
    '1__0',
    '_1',
  ],
  ...[
    '12:30:45',
    '1:2',
    '0:30',
    '00:30:00',
    '1:60',
    '190:20:30.15',
    '-1:30',
    '1:2:',
    '1.',
    '.5',
    '-.5',
    '+.5',
    '1.5',
    '1.10',
    '1e3',
    '1E3',
  ],
  ...[
    '1.5e3',
    '1.5e+3',
    '1.5E-3',
    '1_0.5',
    '.1_0',
    '.',
    '..',
    '...',
    '-',
    '--',
    '---',
    '+',
    '.inf',
    '-.INF',
    '.nan',
    '.NaN',
    'inf',
  ],
  ...[
    '9007199254740991',
    '9007199254740992',
    '12345678901234567890',
    '123456789012',
    '012345678901',
    '012345678909',
    '000000000001',
  ],
  ...[
    '2001-12-14',
    '2010-09-09',
    '2001-12-14t21:59:43.10-05:00',
    '=',
    '<<',
    '<',
    '==',
    '@x',
    '`x',
    '%x',
    '!x',
    '&a',
    '*a',
    '? x',
    ': x',
  ],
  ...[
    'a: b',
    'a:b',
    'a #b',
    'a#b',
    '#b',
    'a\tb',
    '\ta',
    'a\t',
    '[a',
    'a]',
    '{a',
    'a}',
    'a,b',
    '- a',
    '-a',
    '"a',
    "'a",
    "it's",
    'a"b',
  ],
  ...[
    '"a\\/b"',
    '"a\\tb"',
    '"\\x41"',
    '"\\u00e9"',
    '"\\e"',
    '"\\N"',
    '"\\q"',
    "'a''b'",
    '"a\\\n  b"',
    '"a\tb"',
    '"NO"',
    "'010'",
    '!!str NO',
    '!!int "3"',
  ],
  ...[
    '!!int 010',
    '!!float 1',
    '!!bool yes',
    '!!null x',
    '!!binary aGk=',
    '!!set {a}',
    '!Ref NO',
    '!Sub "${A}"',
    '!Foo x',
    '! x',
    '&a b',
    'é',
    '\u0085',
    'a\u2028b',
    '\u00a0',
  ],
  ...[
    '|\n  a\n  b',
    '|-\n  010',
    '>\n  a\n  b\n',
    '|2\n    a',
    '|+\n  a\n\n',
    '>-\n  a\n\n  b',
    '|\n  a\tb',
    '"a\n  b"',
    'a\n  b',
    '[a, NO, 010]',
    '{a: NO}',
    '[a, b: c]',
  ],
  ...[
    '{a}',
    '{a:1}',
    '[a:1]',
    '{"a":1}',
    '{a: }',
    '[,]',
    '[a,]',
    '[[a], {b: 1e3}]',
    '{? a : b}',
    '[a\n  , b]',
    "{'a': 1, NO: 2}",
    '${job.x}',
    '"${job.x}"',
  ],
] as const;

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hard) },
  { weight: 3, arbitrary: fc.stringMatching(/^[-+._:0-9eExob]{1,8}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[ -~\t]{0,10}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
);

const quoted = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => JSON.stringify(text));
const value = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: quoted });

const indented = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);

/** A map or a list of scalars, maps and lists, in block or flow style. */
const { node } = fc.letrec<{ node: string; map: string; list: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 3, depthSize: 'small' }, value, tie('map'), tie('list')),
  map: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'c', 'key', 'Steps'), scalar), tie('node')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((entries) =>
      entries.map(([key, item]) => `\n${key}:${/^\n/.test(item) ? indented(item, '  ') : ` ${item}`}`).join(''),
    ),
  list: fc
    .array(tie('node'), { minLength: 1, maxLength: 3 })
    .map((items) => items.map((item) => `\n-${/^\n/.test(item) ? indented(item, '  ') : ` ${item}`}`).join('')),
}));

/** A document; half of them contain only one value, so that it is not hidden behind another's error. */
export const document = fc.oneof(
  scalar.map((text) => `a: ${text}\n`),
  scalar.map((text) => `- [${text}, x]\n- {k: ${text}}\n`),
  fc.tuple(scalar, scalar).map(([key, text]) => `${key}: ${text}\nlast: 1\n`),
  node.map((text) => `a:${/^\n/.test(text) ? indented(text, '  ') : ` ${text}`}\n`),
  node.map((text) => `${text.replace(/^\n/, '')}\n`),
  fc
    .tuple(fc.constantFrom('%YAML 1.1\n---\n', '%TAG ! x\n---\n', '---\n', '# c\n', '\uFEFF', '...\n'), node)
    .map(([head, text]) => `${head}a:${indented(text, '  ')}\n`),
);

/** The text of a real template with a scalar inserted somewhere. */
export const mutated = (texts: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...texts), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), scalar)
    .map(([text, where, length, inserted]) => {
      const at = Math.floor(where * text.length);
      return text.slice(0, at) + inserted + text.slice(at + length);
    });
