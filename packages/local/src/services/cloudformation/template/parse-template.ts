import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { validationError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { refuseNullsWithoutMacros } from './refuse-nulls.js';
import { unreadable } from './unreadable-yaml.js';
import { plainValue } from './yaml-scalar.js';

/** CloudFormation's quota "Template body size" for a template from S3. */
const templateBytesLimit = 1_048_576;

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
/**
 * YAML tags that CloudFormation supports; it rejects the others of YAML 1.1 (binary, merge, omap, pairs, set,
 * timestamp).
 */
const yamlTag = /^tag:yaml\.org,2002:(bool|float|int|map|null|seq|str)$/;

/**
 * Parses a template in YAML (with the short forms of functions) or JSON.
 *
 * @throws AwsError `ValidationError` with the location of a syntax error, or of a `null` in a template without macros
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
    // The parser and the functions that walk its result are recursive, so nesting deeper than the stack is rejected.
    if (error instanceof RangeError) throw validationError('Template format error: it nests too deep.');
    throw error;
  }
}

/**
 * Text that looks like JSON is parsed as JSON first, which is much faster; otherwise the YAML parser reports the error.
 */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): Json {
  const lines = new LineCounter();
  // All scalars are kept as text, and converted by CloudFormation's own rules.
  const document = parseDocument(text, { version: '1.1', schema: 'failsafe', lineCounter: lines, logLevel: 'silent' });
  const refuse = (offset: number, reason: string) => {
    const { line, col } = lines.linePos(offset);
    return validationError(`Template format error: YAML not well-formed. (line ${line}, column ${col}): ${reason}`);
  };
  const error = document.errors[0];
  if (error !== undefined)
    throw refuse(error.pos[0], (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''));
  const foreign = unreadable(text);
  if (foreign !== undefined) throw refuse(foreign.offset, foreign.reason);
  return new YamlReader(refuse).value(document.contents);
}

/** Converts YAML nodes to JSON, and short forms to functions. */
class YamlReader {
  readonly #refuse: (offset: number, reason: string) => Error;

  constructor(refuse: (offset: number, reason: string) => Error) {
    this.#refuse = refuse;
  }

  value(node: Node | null): Json {
    if (node === null) return null;
    if (isAlias(node))
      throw validationError('Template error: YAML aliases are not allowed in CloudFormation templates');
    const tag = 'tag' in node && typeof node.tag === 'string' ? node.tag : undefined;
    if (isSeq(node))
      return this.#tagged(
        tag,
        node.items.map((item) => this.value(asNode(item))),
        node,
      );
    if (isMap(node))
      return this.#tagged(
        tag,
        Object.fromEntries(node.items.map((pair) => [this.#key(asNode(pair.key)), this.value(asNode(pair.value))])),
        node,
      );
    const text = isScalar(node) ? String(node.value) : '';
    const isTyped = tag !== undefined && /:(bool|float|int|null)$/.test(tag);
    if ((tag === undefined && isScalar(node) && node.type === 'PLAIN') || isTyped) {
      const read = plainValue(text);
      if (read === undefined) throw this.#refuse(node.range?.[0] ?? 0, `could not determine a value for ${text}`);
      return read;
    }
    return this.#tagged(tag, text, node);
  }

  /** Keys are kept as they are written, including `yes` and `0x10`. */
  #key(node: Node | null): string {
    if (isScalar(node)) {
      if (node.type === 'PLAIN' && node.value === '<<')
        throw this.#refuse(node.range?.[0] ?? 0, 'merge keys are not supported');
      return String(node.value);
    }
    return String(this.value(node));
  }

  #tagged(tag: string | undefined, value: Json, node: Node): Json {
    // A bare `!` makes the scalar after it text.
    if (tag === undefined || tag === '!' || yamlTag.test(tag)) return value;
    const name = tag.slice(1);
    if (name === 'Ref' || name === 'Condition') return { [name]: value };
    if (name === 'GetAtt' && typeof value === 'string') {
      const dot = value.indexOf('.');
      return { 'Fn::GetAtt': dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)] };
    }
    if (shortForms.has(name)) return { [`Fn::${name}`]: value };
    throw this.#refuse(node.range?.[0] ?? 0, `${tag} is not a function of CloudFormation`);
  }
}

function asNode(value: unknown): Node | null {
  if (value === null || value === undefined) return null;
  if (isMap(value) || isSeq(value) || isScalar(value) || isAlias(value)) return value;
  throw validationError('Template format error: unsupported structure.');
}
