import { isPlainObject } from './message.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/**
 * Text that is safe inside an XML element or attribute. Control characters that XML 1.0 does not allow become U+FFFD,
 * as no parser would accept the answer otherwise.
 */
export function xmlText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replace(/[&<>"\r]/g, (character) => escapes[character] ?? character)
  );
}

/** Options for encoding the outputs of one service as XML. */
export interface XmlShape {
  /** Members that are maps, so that their keys do not become element names. */
  readonly maps: ReadonlySet<string>;
  /** For a service that writes lists and maps without an enclosing element: the name of each item. */
  readonly flatName?: (member: string) => string;
}

/**
 * Encodes a member as XML: lists as `<member>` elements, maps as entries, dates in ISO 8601, `undefined` as nothing.
 */
function xmlMember(name: string, value: unknown, shape: XmlShape): string {
  if (value === undefined || value === null) return '';
  const item = shape.flatName?.(name);
  if (Array.isArray(value)) {
    const items = value.map((each) => xmlMember(item ?? 'member', each, shape)).join('');
    return item === undefined ? `<${name}>${items}</${name}>` : items;
  }
  if (!isPlainObject(value)) return `<${name}>${xmlScalar(value)}</${name}>`;
  if (!shape.maps.has(name)) return `<${name}>${xmlMembers(value, shape)}</${name}>`;
  const [key, content] = item === undefined ? ['key', 'value'] : [item === 'Tag' ? 'Key' : 'Name', 'Value'];
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(
      ([entry, of]) =>
        `<${item ?? 'entry'}><${key}>${xmlText(entry)}</${key}>${xmlMember(content, of, shape)}</${item ?? 'entry'}>`,
    )
    .join('');
  return item === undefined ? `<${name}>${entries}</${name}>` : entries;
}

/** Encodes all members of an object as XML, in their order. */
export function xmlMembers(members: Readonly<Record<string, unknown>>, shape: XmlShape): string {
  return Object.entries(members)
    .map(([name, value]) => xmlMember(name, value, shape))
    .join('');
}

function xmlScalar(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return xmlText(String(value));
}
