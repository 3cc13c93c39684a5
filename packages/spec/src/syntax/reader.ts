import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml';
import { maxDepth, maxNodes } from '../limits.js';
import { Report } from '../report.js';
import { Aliases } from './aliases.js';
import { type PlainMap, setEntry } from './document.js';

/** Turns the nodes of one document into plain values. */
export class Reader {
  readonly report = new Report();
  gaveUp = false;
  #nodes = 0;
  readonly #aliases: Aliases;
  /** The path of the node that is being read; copied only for a report, because every node passes here. */
  readonly #path: (string | number)[] = [];

  readonly #plain: (text: string) => unknown;

  /** @param plain what a scalar means that has neither quotes nor a tag, when the composer has left that open */
  constructor(document: Document, plain: (text: string) => unknown) {
    this.#aliases = new Aliases(document);
    this.#plain = plain;
  }

  read(node: unknown, depth = 0): unknown {
    if (this.#isTooMuch(depth)) return null;
    if (isScalar(node)) return this.#scalar(node);
    if (isMap(node)) return tagged(node.tag, this.#map(node.items, depth));
    if (isSeq(node)) return tagged(node.tag, this.#list(node.items, depth));
    return isAlias(node) ? this.#alias(node, depth) : null;
  }

  /** Counts a visit of a node: whether it is one too many, or too deep. */
  #isTooMuch(depth: number): boolean {
    if (this.gaveUp) return true;
    this.#nodes += 1;
    if (this.#nodes > maxNodes)
      this.#giveUp(`The template has more than ${maxNodes} values after its aliases are expanded.`);
    else if (depth > maxDepth) this.#giveUp(`The template nests maps and lists more than ${maxDepth} levels deep.`);
    return this.gaveUp;
  }

  #scalar(scalar: Scalar): unknown {
    const { value, type, tag } = scalar;
    if (tag !== undefined) return tagged(tag, asJson(scalar));
    return type === 'PLAIN' && typeof value === 'string' ? this.#plain(value) : asJson(scalar);
  }

  #alias(alias: Alias, depth: number): unknown {
    const target = this.#aliases.target(alias);
    if (target !== undefined) return this.read(target, depth + 1);
    this.#error(`The alias *${alias.source} refers to no anchor &${alias.source} before it.`);
    return null;
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    return items.map((item, index) => this.#readAt(index, item, depth + 1));
  }

  #map(items: readonly Pair[], depth: number): PlainMap {
    const map: PlainMap = {};
    const merged: unknown[] = [];
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        merged.push(value);
        continue;
      }
      const name = this.#key(key);
      if (name === undefined) continue;
      if (Object.hasOwn(map, name)) this.#duplicate(name);
      setEntry(map, name, this.#readAt(name, value, depth + 1));
    }
    for (const source of merged) this.#merge(map, source, depth);
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
    const node = isAlias(key) ? this.#aliases.target(key) : key;
    if (isScalar(node)) return node.source ?? String(node.value);
    this.#error(
      'A key must be a text; this map has a list or a map as a key.',
      'Put a key that contains brackets, braces or "${…}" in quotes.',
    );
    return undefined;
  }

  /** YAML 1.1's `<<`: the entries of other maps, under those given here; earlier maps win over later ones. */
  #merge(map: PlainMap, source: unknown, depth: number): void {
    const target = isAlias(source) ? this.#aliases.target(source) : source;
    if (isSeq(target)) {
      for (const item of target.items) if (!this.#isTooMuch(depth)) this.#merge(map, item, depth + 1);
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

  #giveUp(message: string): void {
    this.gaveUp = true;
    this.report.error('limit-exceeded', [...this.#path], message, {
      hint: 'Does an alias contain itself, or repeat a large part many times?',
    });
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);
}

/** A scalar as JSON has it; what JSON has not (a date of YAML 1.1) as its text. */
function asJson({ value, source }: Scalar): unknown {
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
