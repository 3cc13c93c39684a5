import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  Parser,
  type Scalar,
} from 'yaml';
import type { DiagnosticCode } from '../codes.js';
import type { SourcePosition } from '../diagnostics.js';
import { maxDepth, maxNodes, maxTemplateCharacters } from '../limits.js';
import { Report } from '../report.js';
import { excessOf } from './bounds.js';
import { type PlainMap, setEntry, type TemplateDocument } from './document.js';
import { Locator, positionAt } from './locator.js';

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
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = excessOf(tokens);
  if (excess !== undefined) return broken(excess.code, excess.message, positionAt(lines, excess.offset));
  // uniqueKeys would compare every key with every other; Reader does it in linear time.
  const composer = new Composer({ uniqueKeys: false, logLevel: 'silent' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return broken('yaml-syntax', 'The template is empty.');
  if (second !== undefined)
    return broken(
      'yaml-syntax',
      'This is not a template: it has several YAML documents.',
      positionAt(lines, second.range[0]),
      'A template is one document; remove the "---" in the middle.',
    );
  const locator = new Locator(document, lines, text);
  if (document.errors.length > 0) return withSyntaxErrors(document, locator);
  const reader = new Reader(document);
  const value = reader.read(document.contents);
  return {
    value,
    sound: !reader.gaveUp,
    findings: reader.report.findings,
    locate: (path, spot) => locator.locate(path, spot),
  };
}

const top: SourcePosition = { line: 1, column: 1, offset: 0 };

function broken(code: DiagnosticCode, message: string, start = top, hint?: string): TemplateDocument {
  const range = { start, end: start };
  const finding = { code, severity: 'error', message, path: [], spot: 'value', range } as const;
  return {
    value: null,
    sound: false,
    findings: [hint === undefined ? finding : { ...finding, hint }],
    locate: () => range,
  };
}

function withSyntaxErrors(document: Document, locator: Locator): TemplateDocument {
  return {
    value: null,
    sound: false,
    // One slip makes a parser stumble many times after it.
    findings: document.errors.slice(0, 10).map((error) => ({
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
  /** The path of the node that is being read; copied only for a report, because every node passes here. */
  readonly #path: (string | number)[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: unknown, depth = 0): unknown {
    if (this.gaveUp) return null;
    this.#nodes += 1;
    if (this.#nodes > maxNodes)
      return this.#giveUp(`The template has more than ${maxNodes} values after its aliases are expanded.`);
    if (depth > maxDepth) return this.#giveUp(`The template nests maps and lists more than ${maxDepth} levels deep.`);
    if (isScalar(node)) return tagged(node.tag, plain(node));
    if (isMap(node)) return tagged(node.tag, this.#map(node.items, depth));
    if (isSeq(node)) return tagged(node.tag, this.#list(node.items, depth));
    return isAlias(node) ? this.#alias(node, depth) : null;
  }

  #alias(alias: Alias, depth: number): unknown {
    const target = alias.resolve(this.#document);
    if (target !== undefined) return this.read(target, depth + 1);
    this.#error(`The alias *${alias.source} refers to no anchor &${alias.source} before it.`);
    return null;
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    return items.map((item, index) => this.#at(index, () => this.read(item, depth + 1)));
  }

  #map(items: readonly Pair[], depth: number): PlainMap {
    const map: PlainMap = {};
    for (const { key, value } of items) {
      if (isMergeKey(key)) continue;
      const name = this.#key(key);
      if (name === undefined) continue;
      this.#at(name, () => {
        if (Object.hasOwn(map, name))
          this.report.error(
            'duplicate-key',
            [...this.#path],
            `\`${name}\` is given twice; only one of them can count.`,
            {
              hint: 'Remove or rename one of the two.',
              spot: 'key',
            },
          );
        setEntry(map, name, this.read(value, depth + 1));
      });
    }
    for (const { key, value } of items) if (isMergeKey(key)) this.#merge(map, value, depth);
    return map;
  }

  #at<T>(segment: string | number, read: () => T): T {
    this.#path.push(segment);
    const value = read();
    this.#path.pop();
    return value;
  }

  #key(key: unknown): string | undefined {
    const node = isAlias(key) ? key.resolve(this.#document) : key;
    if (isScalar(node)) return node.source ?? String(node.value);
    this.#error(
      'A key must be a text; this map has a list or a map as a key.',
      'Put a key that contains brackets, braces or "${…}" in quotes.',
    );
    return undefined;
  }

  /** YAML 1.1's `<<`: the entries of other maps, under those given here; earlier maps win over later ones. */
  #merge(map: PlainMap, source: unknown, depth: number): void {
    const target = isAlias(source) ? source.resolve(this.#document) : source;
    if (isSeq(target)) {
      for (const item of target.items) this.#merge(map, item, depth + 1);
    } else if (isMap(target)) {
      const merged = this.read(target, depth + 1);
      if (typeof merged !== 'object' || merged === null) return;
      for (const [key, value] of Object.entries(merged)) if (!Object.hasOwn(map, key)) setEntry(map, key, value);
    } else {
      this.#error('The merge key "<<" takes a map or a list of maps.');
    }
  }

  #error(message: string, hint?: string): void {
    this.report.error('yaml-syntax', [...this.#path], message, { hint });
  }

  #giveUp(message: string): null {
    this.gaveUp = true;
    this.report.error('limit-exceeded', [...this.#path], message, {
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
