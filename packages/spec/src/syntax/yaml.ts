import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { DiagnosticCode } from '../codes.js';
import type { TemplatePath } from '../diagnostics.js';
import { maxDepth, maxNodes, maxTemplateCharacters } from '../limits.js';
import { Report } from '../report.js';
import { type PlainMap, setEntry, type TemplateDocument } from './document.js';
import { Locator } from './locator.js';

/**
 * Reads YAML (JSON included) into a plain tree that knows where everything came from.
 *
 * Aliases and merge keys are expanded into copies, within bounds; CloudFormation's short tags (`!Ref x`) become their
 * long form (`{Ref: x}`), as CloudFormation itself hands them to a macro.
 */
export function readYaml(text: string): TemplateDocument {
  if (text.length > maxTemplateCharacters)
    return broken('limit-exceeded', 'The template is larger than 1 MB, the CloudFormation quota "Template body size".');
  const lines = new LineCounter();
  let document: Document;
  try {
    // uniqueKeys compares every key with every other; Reader does it in linear time.
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return broken('limit-exceeded', `The template nests maps and lists more than ${maxDepth} levels deep.`);
  }
  const locator = new Locator(document, lines, text);
  const [first] = document.errors;
  if (first !== undefined) return withSyntaxErrors(document, locator);
  const reader = new Reader(document);
  const value = reader.read(document.contents, [], 0);
  return {
    value,
    sound: !reader.gaveUp,
    findings: reader.report.findings,
    locate: (path, spot) => locator.locate(path, spot),
  };
}

function broken(code: DiagnosticCode, message: string): TemplateDocument {
  const start = { line: 1, column: 1, offset: 0 };
  const range = { start, end: start };
  return {
    value: null,
    sound: false,
    findings: [{ code, severity: 'error', message, path: [], spot: 'value', range }],
    locate: () => range,
  };
}

function withSyntaxErrors(document: Document, locator: Locator): TemplateDocument {
  return {
    value: null,
    sound: false,
    findings: document.errors.map((error) => ({
      code: 'yaml-syntax' as const,
      severity: 'error' as const,
      message: sentence(error.message),
      path: [],
      spot: 'value' as const,
      range: locator.range(error.pos[0], error.pos[1]),
      ...hintFor(error.code),
    })),
    locate: (path, spot) => locator.locate(path, spot),
  };
}

function sentence(message: string): string {
  const text = `This is not YAML: ${message.trim()}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const hints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs.',
  BAD_INDENT: 'Give all entries of one map or list the same indentation.',
  MULTILINE_IMPLICIT_KEY: 'Is there a ":" missing after a key, or a quote that is not closed?',
  MISSING_CHAR: 'Is a quote or a bracket not closed?',
  BLOCK_AS_IMPLICIT_KEY: 'A value that contains ": " must be quoted.',
  BAD_SCALAR_START: 'Put a value that begins with this character in quotes.',
  UNEXPECTED_TOKEN: 'Put a value that contains special characters in quotes.',
  MULTIPLE_DOCS: 'A template is one document; remove the "---" in the middle.',
};

function hintFor(code: string): { hint?: string } {
  const hint = hints[code];
  return hint === undefined ? {} : { hint };
}

/** Turns the nodes of one document into plain values. */
class Reader {
  readonly report = new Report();
  gaveUp = false;
  #nodes = 0;
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: unknown, path: TemplatePath, depth: number): unknown {
    if (this.gaveUp) return null;
    this.#nodes += 1;
    if (this.#nodes > maxNodes)
      return this.#giveUp(path, `The template has more than ${maxNodes} values after its aliases are expanded.`);
    if (depth > maxDepth)
      return this.#giveUp(path, `The template nests maps and lists more than ${maxDepth} levels deep.`);
    if (isAlias(node)) return this.#alias(node.source, node.resolve(this.#document), path, depth);
    if (isScalar(node)) return tagged(node.tag, plain(node));
    if (isMap(node)) return tagged(node.tag, this.#map(node.items, path, depth));
    if (isSeq(node))
      return tagged(
        node.tag,
        node.items.map((item, index) => this.read(item, [...path, index], depth + 1)),
      );
    return null;
  }

  #alias(name: string, target: unknown, path: TemplatePath, depth: number): unknown {
    if (target !== undefined) return this.read(target, path, depth + 1);
    this.report.error('yaml-syntax', path, `The alias *${name} refers to no anchor &${name} before it.`);
    return null;
  }

  #map(items: readonly Pair[], path: TemplatePath, depth: number): PlainMap {
    const map: PlainMap = {};
    for (const { key, value } of items) {
      if (isMergeKey(key)) continue;
      const name = this.#key(key, path);
      if (name === undefined) continue;
      const here = [...path, name];
      if (Object.hasOwn(map, name))
        this.report.error('duplicate-key', here, `\`${name}\` is given twice; only one of them can count.`, {
          hint: 'Remove or rename one of the two.',
          spot: 'key',
        });
      setEntry(map, name, this.read(value, here, depth + 1));
    }
    for (const { key, value } of items) if (isMergeKey(key)) this.#merge(map, value, path, depth);
    return map;
  }

  #key(key: unknown, path: TemplatePath): string | undefined {
    const node = isAlias(key) ? key.resolve(this.#document) : key;
    if (isScalar(node)) return node.source ?? String(node.value);
    this.report.error('yaml-syntax', path, 'A key must be a text; this map has a list or a map as a key.', {
      hint: 'Put a key that contains brackets, braces or "${…}" in quotes.',
    });
    return undefined;
  }

  /** YAML 1.1's `<<`: the entries of other maps, under those given here; earlier maps win over later ones. */
  #merge(map: PlainMap, source: unknown, path: TemplatePath, depth: number): void {
    const target = isAlias(source) ? source.resolve(this.#document) : source;
    if (isSeq(target)) {
      for (const item of target.items) this.#merge(map, item, path, depth + 1);
    } else if (isMap(target)) {
      const merged = this.read(target, path, depth + 1);
      if (typeof merged !== 'object' || merged === null) return;
      for (const [key, value] of Object.entries(merged)) if (!Object.hasOwn(map, key)) setEntry(map, key, value);
    } else {
      this.report.error('yaml-syntax', path, 'The merge key "<<" takes a map or a list of maps.');
    }
  }

  #giveUp(path: TemplatePath, message: string): null {
    this.gaveUp = true;
    this.report.error('limit-exceeded', path, message, {
      hint: 'Does an alias contain itself, or repeat a large part many times?',
    });
    return null;
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);
}

/** A scalar as JSON has it; what JSON has not (a date of YAML 1.1) as its text. */
function plain({ value, source }: Scalar): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return value === null || source === undefined ? null : source;
}

/** CloudFormation's short form of an intrinsic function in its long form. */
function tagged(tag: string | undefined, value: unknown): unknown {
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}
