import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml';
import { maxDepth, maxNodes } from '../limits.js';
import { nearest } from '../nearest.js';
import { Report } from '../report.js';
import { type Ambiguity, ambiguityOf, keyAmbiguityOf } from './cloudformation-scalar.js';
import { coreValue } from './core-schema.js';
import { type PlainMap, setEntry } from './document.js';

/** Converts the nodes of a document to plain values. */
export class Reader {
  readonly report = new Report();
  /** False when values are missing from the result, so that further findings about it would be misleading. */
  sound = true;
  #gaveUp = false;
  #nodes = 0;
  /** The path of the current node; copied only for a report, because it changes with every node. */
  readonly #path: (string | number)[] = [];
  /** False for JSON, in which every scalar has only one meaning. */
  readonly #isYaml: boolean;

  constructor(isYaml: boolean) {
    this.#isYaml = isYaml;
  }

  /** @param node of a document that was composed with the schema `failsafe`, which keeps every scalar as text */
  read(node: unknown, depth = 0): unknown {
    if (this.#isTooMuch(depth)) return null;
    if (isScalar(node)) return this.#scalar(node);
    if (isMap(node)) return this.#tagged(node.tag, this.#map(node.items, depth), 'map');
    if (isSeq(node)) return this.#tagged(node.tag, this.#list(node.items, depth), 'seq');
    if (isAlias(node))
      this.#cannotRead(
        `This is the YAML alias *${node.source}, and CloudFormation refuses aliases.`,
        `Write the value of &${node.source} here again, or put "*${node.source}" in quotes if it is text.`,
      );
    return null;
  }

  /** Counts a visit of a node; returns true if there are too many, or the node is too deep. */
  #isTooMuch(depth: number): boolean {
    if (this.#gaveUp) return true;
    this.#nodes += 1;
    if (this.#nodes > maxNodes) this.#giveUp(`The template has more than ${maxNodes} values.`);
    else if (depth > maxDepth) this.#giveUp(`The template nests maps and lists more than ${maxDepth} levels deep.`);
    return this.#gaveUp;
  }

  #scalar({ value, type, tag }: Scalar): unknown {
    const text = String(value);
    if (tag === undefined) return type === 'PLAIN' ? this.#plain(text) : text;
    return typedScalar.test(tag) ? this.#typed(tag, text) : this.#tagged(tag, text, 'str');
  }

  #plain(text: string): unknown {
    const ambiguity = this.#isYaml ? ambiguityOf(text) : undefined;
    if (ambiguity !== undefined) this.#ambiguous(ambiguity);
    return coreValue(text);
  }

  /** `!!int "3"`: the value of the text without quotes, if it has that type. */
  #typed(tag: string, text: string): unknown {
    const value = this.#plain(text);
    const type = value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
    const wanted = tag.slice(tagPrefix.length);
    if (type === wanted || (type === 'number' && (wanted === 'float' || (wanted === 'int' && Number.isInteger(value)))))
      return value;
    this.#error(`\`${text}\` is not of the type !!${wanted}.`, 'Remove the tag, or correct the value.');
    return value;
  }

  /** Converts the short form of an intrinsic function of CloudFormation to the long form. */
  #tagged(tag: string | undefined, value: unknown, kind: 'map' | 'seq' | 'str'): unknown {
    if (tag === undefined || tag === `${tagPrefix}${kind}`) return value;
    const name = tag.slice(1);
    if (!tag.startsWith('!') || !shortForms.has(name)) {
      const shown = tag.startsWith(tagPrefix) ? `!!${tag.slice(tagPrefix.length)}` : tag;
      const meant = nearest(name, [...shortForms]);
      this.#unsupported(
        `CloudFormation does not support the YAML tag \`${shown}\` here.`,
        meant === undefined ? 'Remove the tag.' : `Remove the tag, or did you mean !${meant}?`,
      );
      return value;
    }
    if (name === 'Ref' || name === 'Condition') return { [name]: value };
    if (name === 'GetAtt' && typeof value === 'string') {
      const dot = value.indexOf('.');
      return { 'Fn::GetAtt': dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
    }
    return { [`Fn::${name}`]: value };
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    return items.map((item, index) => this.#readAt(index, item, depth + 1));
  }

  #map(items: readonly Pair[], depth: number): PlainMap {
    const map: PlainMap = {};
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        this.#cannotRead(
          'CloudFormation does not support the YAML merge key "<<".',
          'Write the entries that it stands for.',
          '<<',
        );
        continue;
      }
      const name = this.#key(key);
      if (name === undefined) continue;
      if (Object.hasOwn(map, name)) this.#duplicate(name);
      setEntry(map, name, this.#readAt(name, value, depth + 1));
    }
    return map;
  }

  #readAt(segment: string | number, node: unknown, depth: number): unknown {
    this.#path.push(segment);
    const value = this.read(node, depth);
    this.#path.pop();
    return value;
  }

  #duplicate(name: string): void {
    this.report.error(
      'duplicate-key',
      [...this.#path, name],
      `\`${name}\` is given twice; only one of them can count.`,
      { hint: 'Remove or rename one of the two.', spot: 'key' },
    );
  }

  #key(key: unknown): string | undefined {
    if (isScalar(key)) {
      const text = key.source ?? String(key.value);
      if (key.tag !== undefined && key.tag !== `${tagPrefix}str`)
        this.#unsupported(`CloudFormation does not support a YAML tag at the key \`${text}\`.`, 'Remove the tag.');
      else if (this.#isYaml && key.type === 'PLAIN' && key.tag === undefined) {
        const ambiguity = keyAmbiguityOf(text);
        if (ambiguity !== undefined) this.#ambiguous(ambiguity, text);
      }
      return text;
    }
    if (isAlias(key)) {
      this.#cannotRead('CloudFormation refuses YAML aliases as keys.', 'Write the key out.');
      return undefined;
    }
    this.#error(
      'A key must be a text; this map has a list or a map as a key.',
      'Put a key that contains brackets, braces or "${…}" in quotes.',
    );
    return undefined;
  }

  #error(message: string, hint?: string): void {
    this.report.error('yaml-syntax', [...this.#path], message, { hint });
  }

  /** @param key set when the problem is a key of the current map */
  #unsupported(message: string, hint: string, key?: string): void {
    this.#add('unsupported-yaml', message, hint, key);
  }

  #ambiguous({ message, hint }: Ambiguity, key?: string): void {
    this.#add('ambiguous-yaml', message, hint, key);
  }

  #add(code: 'ambiguous-yaml' | 'unsupported-yaml', message: string, hint: string, key: string | undefined): void {
    if (key === undefined) this.report.error(code, [...this.#path], message, { hint });
    else this.report.error(code, [...this.#path, key], message, { hint, spot: 'key' });
  }

  #cannotRead(message: string, hint: string, key?: string): void {
    this.sound = false;
    this.#unsupported(message, hint, key);
  }

  #giveUp(message: string): void {
    this.#gaveUp = true;
    this.sound = false;
    this.report.error('limit-exceeded', [...this.#path], message);
  }
}

const tagPrefix = 'tag:yaml.org,2002:';

/** CloudFormation's functions that have a short form: `!Sub` for `Fn::Sub`. `Ref` and `Condition` have no prefix. */
const shortForms: ReadonlySet<string> = new Set([
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
]);

/** Tags whose scalars are read as if they had no quotes and no tag. */
const typedScalar = /^tag:yaml\.org,2002:(?:int|float|bool|null)$/;

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);
}
