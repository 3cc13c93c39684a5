import fc from 'fast-check';

const word = fc.constantFrom(
  ...['Steps', 'steps', 'Repository', 'Options', 'Parameters', 'commands', 'inputs', 'outputs', 'scatter', 'subpipe'],
  ...['Type', 'Branches', 'choices', 'branches', 'if', 'next', 'end', 'image', 'compute', 'memory', 'retry', 'timeout'],
  ...[
    'qc_check',
    'versioned',
    'a',
    'b',
    '${job.x}',
    '${scatter.y}',
    '${',
    '<<',
    '*a',
    '&a x',
    '__proto__',
    'constructor',
  ],
  ...['toString', 's3://b/c', '1', ''],
);

/** Values of any shape that contain words of templates. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    word,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(word, fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** A map of such values, like a template's top level. */
export const anyTemplate = fc.dictionary(word, anyValue, { maxKeys: 6 });

/** Lines that look like YAML without meaning. */
export const anyLines = fc
  .array(
    fc
      .tuple(
        fc.nat(8),
        fc.constantFrom('', '- ', '? ', '- - '),
        word,
        fc.constantFrom(':', ': ', ' |', ' >', ': [', ': {', ''),
        word,
      )
      .map(([indent, dash, key, colon, value]) => `${' '.repeat(indent)}${dash}${key}${colon}${value}`),
    { maxLength: 20 },
  )
  .map((lines) => lines.join('\n'));

/** Bytes, read as UTF-8: invalid UTF-8 becomes U+FFFD, as it does when a file is read. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => new TextDecoder().decode(bytes)),
  fc.string({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
