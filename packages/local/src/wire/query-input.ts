import type { TSchema } from 'typebox';
import { AwsError } from './aws-error.js';
import { fromText, itemsOf, membersOf, typeOf, valuesOf } from './schema.js';

/** Deeper than any AWS input; limits the work of the decoder for one request. */
const deepestMember = 20;

interface Node {
  value: string | undefined;
  readonly children: Map<string, Node>;
}

/**
 * Decodes the flat parameters of AWS's Query protocol into the members that an operation's schema names:
 * `Tags.member.1.Key=a` into `{ Tags: [{ Key: 'a' }] }`, `Attributes.entry.1.key=a&Attributes.entry.1.value=b` into
 * `{ Attributes: { a: 'b' } }`, also for flattened lists and maps. Parameters that the schema does not name
 * are ignored.
 *
 * @param flatName - for a service with flattened lists and maps: the parameter name of a member (`Attributes` →
 * `Attribute`)
 * @throws AwsError `MalformedQueryString` when a parameter is both a value and a structure, or is nested too deeply
 */
export function decodeQuery(
  parameters: Iterable<readonly [string, string]>,
  schema: TSchema,
  flatName?: (member: string) => string,
): Record<string, unknown> {
  const root: Node = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) insert(root, name, value);
  return structure(root, schema);

  function structure(node: Node, of: TSchema): Record<string, unknown> {
    return Object.fromEntries(
      membersOf(of).flatMap(([member, schemaOfMember]) => {
        const isFlat = flatName !== undefined && isCollection(schemaOfMember);
        const name = isFlat ? flatName(member) : member;
        const child = node.children.get(name);
        return child === undefined ? [] : [[member, decoded(name, child, schemaOfMember)]];
      }),
    );
  }

  function decoded(name: string, node: Node, of: TSchema): unknown {
    if (node.children.size === 0)
      return node.value === '' && typeOf(of) === 'array' ? [] : fromText(of, node.value ?? '');
    if (node.value !== undefined && node.value !== '')
      throw new AwsError('MalformedQueryString', `The parameter ${name} has a value and members of its own.`);
    if (typeOf(of) === 'array') return numbered(node, 'member').map((item) => decoded(name, item, itemsOf(of)));
    const values = valuesOf(of);
    if (values === undefined) return structure(node, of);
    return Object.fromEntries(
      numbered(node, 'entry').map(({ children }) => [
        (children.get('key') ?? children.get('Key') ?? children.get('Name'))?.value ?? '',
        decoded(name, children.get('value') ?? children.get('Value') ?? { value: '', children: new Map() }, values),
      ]),
    );
  }
}

const isCollection = (schema: TSchema) => typeOf(schema) === 'array' || valuesOf(schema) !== undefined;

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

/** The items of a list or the entries of a map in numeric order, with or without an enclosing element. */
function numbered(node: Node, around: 'entry' | 'member'): readonly Node[] {
  return [...(node.children.get(around) ?? node).children]
    .filter(([name]) => /^\d{1,9}$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
