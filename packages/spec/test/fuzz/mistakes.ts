import { type Diagnostic, type ParseResult, parse } from '@bclaw/spec';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { validTemplates } from './corpus.js';
import { parsed, parsedAsValue, type Use } from './judge.js';
import { entriesOf, type Mutation, pick } from './mutation.js';

const before = new Map<string, ReadonlySet<string>>();

/**
 * Makes one mistake in a valid template: the result is still valid, or has an error on the lines of the mistake. All
 * new errors must be about it: on its lines, or where its names and texts, old or new, are used.
 */
export function oneMistake(mutation: Mutation, use: Use): fc.IProperty<unknown> {
  return fc.property(fc.constantFrom(...validTemplates), fc.nat(1_000_000), pick, (template, which, choice) => {
    const document = parseDocument(template);
    const entries = entriesOf(document);
    const entry = entries[which % entries.length];
    if (entry === undefined) return;
    const words = wordsIn(entry.pair);
    const path = mutation.make(entry, document, choice);
    words.push(...wordsIn(entry.pair));
    // An error in a parameter is reported where it is used.
    if (path[0] === 'Parameters') words.push(String(path[1] ?? ''));
    const text = document.toString({ lineWidth: 0 });
    const result = parsed(text, use);
    const known = before.get(template) ?? new Set(parse(template).diagnostics.map(identity));
    before.set(template, known);
    judge(result, text, path, words, known);
    if (result.diagnostics.every(({ code }) => code !== 'yaml-syntax')) parsedAsValue(plainOf(text), use);
  });
}

function judge(
  { diagnostics }: ParseResult,
  text: string,
  path: readonly (string | number)[],
  words: readonly string[],
  known: ReadonlySet<string>,
): void {
  const errors = diagnostics.filter(
    (diagnostic) => diagnostic.severity === 'error' && !known.has(identity(diagnostic)),
  );
  if (errors.length === 0) return;
  const [first, last] = linesOf(text, path);
  const isThere = ({ range, ...error }: Diagnostic) =>
    (range !== undefined && range.start.line >= first && range.start.line <= last) ||
    // An alias is reported together with its anchor, which is in another place.
    (error.code === 'unsupported-yaml' && error.message.startsWith('The anchor ')) ||
    // Without inputs of a step, its conditions use names that no longer exist.
    (error.code === 'unknown-name' && path.includes('inputs') && isOfSameStep(error.path, path));
  const report = () => `${path.join('.')} (lines ${first}–${last})\n${text}\n${JSON.stringify(errors, null, 1)}`;
  expect(errors.some(isThere) || isAboutUse(errors, words, text), report()).toBe(true);
  for (const error of errors)
    if (!isThere(error) && !isAboutUse([error], words, text)) expect.fail(`unrelated: ${report()}`);
}

/** Returns true if all errors are about a name or text: where it is used, or where its absence shows. */
function isAboutUse(errors: readonly Diagnostic[], words: readonly string[], text: string): boolean {
  const lines = text.split('\n');
  return errors.some(({ message, hint = '', range }) => {
    const line = lines[(range?.start.line ?? 0) - 1] ?? '';
    return words.some((word) => `${message}\n${hint}\n${line}`.includes(word));
  });
}

const isOfSameStep = (left: readonly unknown[], right: readonly unknown[]) =>
  left.length > 2 && [0, 1, 2].every((index) => left[index] === right[index]);

const identity = ({ code, path }: Diagnostic) => JSON.stringify([code, path]);

/** First and last line of the entry at a path, or of its nearest ancestor. */
function linesOf(text: string, path: readonly (string | number)[]): readonly [number, number] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const line = (offset: number) => lines.linePos(offset).line;
  for (let length = path.length; length > 0; length -= 1) {
    const wanted = JSON.stringify(path.slice(0, length));
    const found = entriesOf(document).filter((entry) => JSON.stringify(entry.path) === wanted);
    const keys = found.flatMap(({ pair }) => (isScalar(pair.key) && pair.key.range ? [pair.key.range] : []));
    const values = found.flatMap(({ pair }) => (isNode(pair.value) && pair.value.range ? [pair.value.range] : []));
    const [key] = keys;
    if (key === undefined) continue;
    const end = Math.max(...[...keys, ...values].map((range) => range[1]));
    return [line(key[0]), line(Math.max(key[0], end - 1))];
  }
  return [1, text.split('\n').length];
}

/** The keys and texts of an entry, including nested ones. */
function wordsIn(pair: unknown): string[] {
  const words: string[] = [];
  const visit = (node: unknown): void => {
    if (isScalar(node)) words.push(...String(node.value).split(/[\s,]+/));
    else if (isPair(node)) [node.key, node.value].forEach(visit);
    else if (isNode(node) && 'items' in node && Array.isArray(node.items)) node.items.forEach(visit);
  };
  visit(pair);
  return words.filter((word) => word !== '');
}

function plainOf(text: string): unknown {
  try {
    return parseDocument(text, { uniqueKeys: false, merge: true }).toJS({ maxAliasCount: 1_000 });
  } catch {
    return null;
  }
}
