import { readdirSync, readFileSync } from 'node:fs';
import { formatDiagnostics, parse, parseValue } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Document, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, stringify, visit } from 'yaml';

/** Fixed, so that a failure is the same tomorrow; more cases with FUZZ_RUNS. */
const seed = 20_261_124;
const runs = Number(process.env['FUZZ_RUNS'] ?? 250);
const corpus = readdirSync(new URL('corpus', import.meta.url)).map((name) =>
  readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8'),
);
const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml.*\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
const templates = [...corpus, ...examples];

/** Parses a text and checks what holds for every text. */
function parseAny(text: string): ReturnType<typeof parse> {
  const before = process.cpuUsage();
  const result = parse(text);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(2_000);
  const lines = text.split('\n').length;
  const failed = result.diagnostics.some(({ severity }) => severity === 'error');
  expect(result.workflow === undefined).toBe(failed);
  let last = 0;
  for (const { range, message, code } of result.diagnostics) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(message).not.toContain('undefined');
    expect(range).toBeDefined();
    if (range === undefined) continue;
    expect(range.start.line).toBeGreaterThanOrEqual(1);
    expect(range.start.line).toBeLessThanOrEqual(lines + 1);
    expect(range.end.offset).toBeGreaterThanOrEqual(range.start.offset);
    expect(range.start.offset).toBeGreaterThanOrEqual(last);
    last = range.start.offset;
  }
  for (const format of ['text', 'json', 'sarif', 'github'] as const)
    expect(typeof formatDiagnostics([result], format)).toBe('string');
  return result;
}

const words = [
  'Steps',
  'steps',
  'Repository',
  'Options',
  'Parameters',
  'commands',
  'inputs',
  'outputs',
  'scatter',
  'subpipe',
  'Type',
  'Branches',
  'choices',
  'branches',
  'if',
  'next',
  'end',
  'image',
  'compute',
  'memory',
  'retry',
  'timeout',
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
  's3://b/c',
  '1',
  '',
];
const word = fc.constantFrom(...words);
const anyValue = fc.letrec((tie) => ({
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

describe('parse, given anything', () => {
  it('never throws on random text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 })), (text) => {
        parseAny(text);
      }),
      { seed, numRuns: runs },
    );
  });

  it('never throws on lines of YAML that mean nothing', () => {
    const line = fc
      .tuple(
        fc.nat(8),
        fc.constantFrom('', '- ', '? ', '- - '),
        word,
        fc.constantFrom(':', ': ', ' |', ' >', ': [', ': {', ''),
        word,
      )
      .map(([indent, dash, key, colon, value]) => `${' '.repeat(indent)}${dash}${key}${colon}${value}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        parseAny(lines.join('\n'));
      }),
      { seed, numRuns: runs },
    );
  });

  it('never throws on values of any shape, as text or as they are', () => {
    fc.assert(
      fc.property(fc.dictionary(word, anyValue, { maxKeys: 6 }), (value) => {
        parseAny(stringify(value));
        expect(() => parseValue(value)).not.toThrow();
      }),
      { seed, numRuns: runs },
    );
  });

  it('never throws on a value where a template expects another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templates), fc.nat(), anyValue, (template, pick, value) => {
        const document = parseDocument(template, { uniqueKeys: false });
        const pairs = pairsOf(document);
        const pair = pairs[pick % Math.max(1, pairs.length)];
        if (pair === undefined || document.errors.length > 0) return;
        pair.value = document.createNode(value);
        parseAny(String(document));
        expect(() => parseValue(document.toJS())).not.toThrow();
      }),
      { seed, numRuns: runs },
    );
  });

  it('never throws on a template with a piece cut out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templates), fc.nat(), fc.nat(200), (template, at, length) => {
        const start = at % template.length;
        parseAny(template.slice(0, start) + template.slice(start + length));
      }),
      { seed, numRuns: runs },
    );
  });
});

const marker = 'zzmutant';

describe('parse, given a template with one mistake', () => {
  it('marks the line of a key with another name, or takes it for a name that is free', () => {
    mutate(runs, (pair) => {
      pair.key = marker;
    });
  });

  it('marks the line of a value that is a text instead', () => {
    mutate(runs, (pair) => {
      pair.value = marker;
    });
  });

  it('marks the line of a value that is a map instead', () => {
    mutate(runs, (pair, document) => {
      pair.value = document.createNode({ [marker]: 1 });
    });
  });

  it('marks the line of a value that is a list instead', () => {
    mutate(runs, (pair, document) => {
      pair.value = document.createNode([[marker]]);
    });
  });
});

/** Changes one entry of a valid template; the mistake, if it is one, must be marked on its line. */
function mutate(numRuns: number, change: (pair: Pair, document: Document) => void): void {
  const valid = templates.filter((text) => parse(text, { parameters: { Release: '1.5' } }).workflow !== undefined);
  fc.assert(
    fc.property(fc.constantFrom(...valid), fc.nat(), (template, pick) => {
      const document = parseDocument(template);
      const before = new Set(parse(template).diagnostics.map(identity));
      const pairs = pairsOf(document);
      const pair = pairs[pick % pairs.length];
      if (pair === undefined) return;
      const oldName = isScalar(pair.key) ? String(pair.key.value) : '';
      change(pair, document);
      const text = document.toString({ lineWidth: 0 });
      const { diagnostics } = parseAny(text);
      const news = diagnostics.filter((diagnostic) => !before.has(identity(diagnostic)));
      if (!news.some(({ severity }) => severity === 'error')) return;
      const line = text.slice(0, text.indexOf(marker)).split('\n').length;
      const isMarked = news.some(
        ({ range, message }) =>
          // A block value stands on the line after its key.
          range?.start.line === line ||
          range?.start.line === line - 1 ||
          // A name or a parameter's value is wrong where it is used.
          message.includes(marker) ||
          message.includes(oldName),
      );
      expect(isMarked, `${text}\n${JSON.stringify(news)}`).toBe(true);
    }),
    { seed, numRuns },
  );
}

const identity = ({ code, path }: { code: string; path: readonly unknown[] }) => JSON.stringify([code, path]);

/** The entries of all maps of a document. */
function pairsOf(document: Document): Pair[] {
  const pairs: Pair[] = [];
  visit(document, {
    Pair: (_, pair) => {
      if (isPair(pair) && (isScalar(pair.key) || isMap(pair.value) || isSeq(pair.value))) pairs.push(pair);
    },
  });
  return pairs;
}
