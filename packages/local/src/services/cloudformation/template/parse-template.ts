import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from 'yaml';
import { validationError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { refuseNullsWithoutMacros } from './refuse-nulls.js';

/** CloudFormation's quota "Template body size" for a template from S3. */
const templateBytesLimit = 1_048_576;
/** What a template may become when its YAML aliases are written out: a bound against alias bombs. */
const nodesLimit = 500_000;

/** Functions with a YAML short form: `!Sub` for `Fn::Sub`. `Ref` and `Condition` have no prefix. */
const shortForms = new Set([
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
]);
/** YAML 1.1 tags that CloudFormation does not know. */
const excludedTags = /:(binary|merge|omap|pairs|set|timestamp)$/;

/**
 * Reads a template, YAML (with the short forms of functions) or JSON.
 *
 * @throws AwsError `ValidationError` with the place of what is not well-formed, or of a `null` in a template without macros
 *
 * @example
 * ```ts
 * parseTemplate('Resources: { Topic: { Type: AWS::SNS::Topic } }');
 * parseTemplate('a: !GetAtt Queue.Arn'); // { a: { 'Fn::GetAtt': ['Queue', 'Arn'] } }
 * ```
 */
export function parseTemplate(text: string): JsonObject {
  if (Buffer.byteLength(text) > templateBytesLimit)
    throw validationError(`Template may not exceed ${templateBytesLimit} bytes in size.`);
  try {
    const template = /^\s*\{/.test(text) ? (parseJson(text) ?? parseYaml(text)) : parseYaml(text);
    if (!isObject(template)) throw validationError('Template format error: unsupported structure.');
    refuseNullsWithoutMacros(template);
    return template;
  } catch (error) {
    // The parser and the walks over its result are recursive: what nests deeper than the stack is no template.
    if (error instanceof RangeError) throw validationError('Template format error: it nests too deep.');
    throw error;
  }
}

/** JSON is tried first where it looks like it, for it is read much faster; YAML says what is wrong otherwise. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): Json {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    merge: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !excludedTags.test(tag.tag)).map(withoutLetters),
    lineCounter: lines,
    logLevel: 'silent',
  });
  const error = document.errors[0];
  if (error !== undefined) {
    const place = lines.linePos(error.pos[0]);
    const reason = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    throw validationError(
      `Template format error: YAML not well-formed. (line ${place.line}, column ${place.col}): ${reason}`,
    );
  }
  return new YamlReader(document, lines).read();
}

type TagItem = Tags[number];

/** Turns YAML nodes into JSON, short forms into functions. */
class YamlReader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  #nodes = 0;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  read(): Json {
    return this.#value(this.#document.contents);
  }

  #value(node: Node | null): Json {
    this.#nodes += 1;
    if (this.#nodes > nodesLimit) throw validationError('Template format error: its YAML aliases make it too large.');
    if (node === null) return null;
    if (isAlias(node)) return this.#value(node.resolve(this.#document) ?? null);
    const plain = this.#plain(node);
    const tag = 'tag' in node && typeof node.tag === 'string' ? node.tag : undefined;
    if (tag === undefined || !tag.startsWith('!') || tag === '!') return plain;
    return this.#shortForm(tag.slice(1), plain, node);
  }

  #plain(node: Node): Json {
    if (isSeq(node)) return node.items.map((item) => this.#value(asNode(item)));
    if (isMap(node))
      return Object.fromEntries(
        node.items.map((pair) => [this.#key(asNode(pair.key)), this.#value(asNode(pair.value))]),
      );
    const value: unknown = isScalar(node) ? node.value : null;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }

  /** A key is text as it is written: `yes` or `0x10` too. */
  #key(node: Node | null): string {
    const written = isScalar(node) && typeof node.value !== 'string' ? node.source : undefined;
    return written ?? String(this.#value(node));
  }

  #shortForm(name: string, value: Json, node: Node): Json {
    if (name === 'Ref' || name === 'Condition') return { [name]: value };
    if (name === 'GetAtt' && typeof value === 'string') {
      const dot = value.indexOf('.');
      return { 'Fn::GetAtt': dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)] };
    }
    if (shortForms.has(name)) return { [`Fn::${name}`]: value };
    const place = this.#lines.linePos(node.range?.[0] ?? 0);
    throw validationError(
      `Template format error: YAML not well-formed. (line ${place.line}, column ${place.col}): !${name} is no function of CloudFormation`,
    );
  }
}

/** CloudFormation's parser takes `yes`, `on` and `true` for booleans, but not the letters `y` and `n`, which YAML 1.1 has too. */
function withoutLetters(tag: TagItem): TagItem {
  if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool' || !('test' in tag)) return tag;
  const { test } = tag;
  if (test === undefined) return tag;
  return { ...tag, test: new RegExp(`^(?![yYnN]$)${test.source.replace(/^\^/, '')}`) };
}

function asNode(value: unknown): Node | null {
  if (value === null || value === undefined) return null;
  if (isMap(value) || isSeq(value) || isScalar(value) || isAlias(value)) return value;
  throw validationError('Template format error: unsupported structure.');
}
