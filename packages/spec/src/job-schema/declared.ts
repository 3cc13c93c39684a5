import { isMap, type PlainMap } from '../syntax/document.js';

/** A schema's declaration of the values at a path. */
export type Declared =
  /** `types` is absent when the schema allows any. */
  | { readonly kind: 'declared'; readonly types?: readonly string[] }
  /** `known` are the names that there are in its place. */
  | { readonly kind: 'unknown-name'; readonly name: string; readonly around: string; readonly known: readonly string[] }
  /** A part of the path leads into a value that has no names: a text, a number, a list. */
  | { readonly kind: 'no-names'; readonly name: string; readonly around: string; readonly types: readonly string[] }
  /** The schema leaves it open. */
  | { readonly kind: 'open' };

/** Keywords that can declare names beside `properties`. */
const opening = ['additionalProperties', 'patternProperties', 'unevaluatedProperties', 'allOf', 'anyOf', 'oneOf', 'if'];

/** Follows names with dots between them into a `JobSchema`. */
export function declaredAt(schema: PlainMap, names: readonly string[]): Declared {
  let node: unknown = schema;
  let around = 'job';
  for (const name of names) {
    const part = resolved(node, schema);
    if (part === undefined) return { kind: 'open' };
    const types = typesOf(part);
    if (types !== undefined && !types.includes('object')) return { kind: 'no-names', name, around, types };
    const properties = isMap(part['properties']) ? part['properties'] : {};
    if (!Object.hasOwn(properties, name)) {
      const closed = opening.every((keyword) => part[keyword] === undefined || part[keyword] === false);
      const declaresNames = isMap(part['properties']) || part['additionalProperties'] === false;
      if (!closed || !declaresNames) return { kind: 'open' };
      return { kind: 'unknown-name', name, around, known: Object.keys(properties) };
    }
    node = properties[name];
    around = `${around}.${name}`;
  }
  const part = resolved(node, schema);
  const types = part === undefined ? undefined : typesOf(part);
  return types === undefined ? { kind: 'declared' } : { kind: 'declared', types };
}

/** A schema, or the part that its `$ref` names; undefined when nothing is known about it. */
function resolved(node: unknown, root: PlainMap): PlainMap | undefined {
  let part = node;
  // A reference to itself declares nothing.
  for (let depth = 0; depth < 20 && isMap(part) && typeof part['$ref'] === 'string'; depth += 1) {
    const [hash, ...steps] = part['$ref'].split('/');
    if (hash !== '#') return undefined;
    let target: unknown = root;
    for (const step of steps) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      target = isMap(target) && Object.hasOwn(target, name) ? target[name] : undefined;
    }
    part = target;
  }
  return isMap(part) && part['$ref'] === undefined ? part : undefined;
}

function typesOf(part: PlainMap): readonly string[] | undefined {
  const type = part['type'];
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string') : undefined;
}
