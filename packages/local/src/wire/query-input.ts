import { AwsError } from './aws-error.js';

/** Which members of a Query service are not strings; the protocol itself does not tell. Names hold for the whole service. */
export interface QueryTypes {
  readonly booleans?: ReadonlySet<string>;
  readonly integers?: ReadonlySet<string>;
  /** Lists, needed only where an empty one (`Capabilities=`) must not be read as an empty string. */
  readonly lists?: ReadonlySet<string>;
}

/** Deeper than any input that AWS knows; a bound for what a request may make the decoder do. */
const deepestMember = 20;

interface Node {
  value: string | undefined;
  readonly children: Map<string, Node>;
}

/**
 * Turns the flat parameters of AWS's Query protocol into members: `Tags.member.1.Key=a` into `{ Tags: [{ Key: 'a' }] }`,
 * `Attributes.entry.1.key=a&Attributes.entry.1.value=b` into `{ Attributes: { a: 'b' } }`, flattened lists and maps alike.
 *
 * @throws AwsError `MalformedQueryString` when one parameter is both a value and a structure, or nests too deep
 */
export function decodeQuery(
  parameters: Iterable<readonly [string, string]>,
  types: QueryTypes,
): Record<string, unknown> {
  const root: Node = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) insert(root, name, value);
  return members(root, types);
}

function insert(root: Node, name: string, value: string): void {
  const path = name.split('.');
  if (path.length > deepestMember)
    throw new AwsError('MalformedQueryString', `The parameter ${name.slice(0, 80)}… nests too deep.`);
  let node = root;
  for (const segment of path) {
    let child = node.children.get(segment);
    if (child === undefined) {
      child = { value: undefined, children: new Map() };
      node.children.set(segment, child);
    }
    node = child;
  }
  node.value = value;
}

function members(node: Node, types: QueryTypes): Record<string, unknown> {
  return Object.fromEntries([...node.children].map(([name, child]) => [name, member(name, child, types)]));
}

function member(name: string, node: Node, types: QueryTypes): unknown {
  if (node.children.size === 0) return scalar(name, node.value ?? '', types);
  if (node.value !== undefined && node.value !== '')
    throw new AwsError('MalformedQueryString', `The parameter ${name} has a value and members of its own.`);
  const inner = onlyChild(node, 'member') ?? onlyChild(node, 'entry') ?? node;
  const items = numbered(inner);
  if (items === undefined) return members(node, types);
  const entries = items.map(entryOf);
  if (entries.every((entry) => entry !== undefined))
    // A map's keys are the caller's own: that one reads like a member's name says nothing of its type.
    return Object.fromEntries(entries.map(({ key, value }) => [key, member('', value, types)]));
  return items.map((item) => member(name, item, types));
}

function onlyChild(node: Node, name: string): Node | undefined {
  return node.children.size === 1 ? node.children.get(name) : undefined;
}

/** The children in the order of their numbers, when all of them are numbers. */
function numbered(node: Node): readonly Node[] | undefined {
  const names = [...node.children.keys()];
  if (names.length === 0 || !names.every((name) => /^\d{1,9}$/.test(name))) return undefined;
  return [...node.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

/**
 * A map's entry: `key` and `value`, or `Name` and a structure `Value` (SNS message attributes). A structure with `Key` and
 * `Value` is a tag, which is a list's item.
 */
function entryOf(node: Node): { readonly key: string; readonly value: Node } | undefined {
  if (node.children.size !== 2) return undefined;
  const lower = node.children.get('key')?.value;
  const lowerValue = node.children.get('value');
  if (lower !== undefined && lowerValue !== undefined) return { key: lower, value: lowerValue };
  const name = node.children.get('Name')?.value;
  const value = node.children.get('Value');
  return name !== undefined && value !== undefined ? { key: name, value } : undefined;
}

function scalar(name: string, value: string, types: QueryTypes): unknown {
  if (types.booleans?.has(name) === true) {
    if (value !== 'true' && value !== 'false')
      throw new AwsError('ValidationError', `The parameter ${name} must be true or false, not "${value}".`);
    return value === 'true';
  }
  if (types.integers?.has(name) === true) {
    if (!/^-?\d+$/.test(value))
      throw new AwsError('ValidationError', `The parameter ${name} must be an integer, not "${value}".`);
    return Number(value);
  }
  if (types.lists?.has(name) === true && value === '') return [];
  return value;
}
