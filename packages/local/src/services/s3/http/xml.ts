import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type { TSchema } from 'typebox';
import { itemsOf, membersOf, typeOf } from '../../../wire/schema.js';
import { malformedXml } from '../errors.js';
import { traitsOf } from '../shapes/traits.js';
import { xmlDate } from './http-date.js';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  tagValueProcessor: (_name, value) => escapeXml(String(value)),
});

// Entities are decoded here, not by the parser, which drops references to control characters; keys may contain them.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  processEntities: false,
  removeNSPrefix: true,
  trimValues: false,
  tagValueProcessor: (_name, value) => unescapeXml(value),
});

/** Control characters as references, as in S3; without them no client could parse a listing with such a key. */
const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  text.replace(/[&<>"\u0000-\u0008\u000a-\u001f\u007f-\u009f\ufffe\uffff]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      default:
        return `&#x${character.charCodeAt(0).toString(16)};`;
    }
  });

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** A document whose root contains the members of `value` that are elements (not headers). */
export function writeXml(root: string, schema: TSchema, value: unknown): string {
  const content = toElement(schema, value);
  const element =
    typeof content === 'object' ? { '@xmlns': namespace, ...content } : { '@xmlns': namespace, '#text': content };
  return builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, [root]: element });
}

/** An error in S3's format: no namespace. */
export function writeErrorXml(members: Readonly<Record<string, unknown>>): string {
  return builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, Error: members });
}

function toElement(schema: TSchema, value: unknown): unknown {
  if (traitsOf(schema).timestamp === true)
    return xmlDate(new Date(String(value instanceof Date ? value.toISOString() : value)));
  if (typeOf(schema) !== 'object') return String(value);
  const elements: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const content: unknown = Reflect.get(Object(value), name);
    const { header, headerPrefix, item = 'member', flattened, element = name } = traitsOf(member);
    if (content === undefined || header !== undefined || headerPrefix !== undefined) continue;
    if (!Array.isArray(content)) {
      elements[element] = toElement(member, content);
      continue;
    }
    const items = content.map((entry) => toElement(itemsOf(member), entry));
    if (flattened === true) elements[item] = items;
    else elements[element] = { [item]: items };
  }
  return elements;
}

/**
 * Parses a document by its schema: a list with one entry stays a list, numbers and booleans get their type, unknown
 * elements are ignored.
 *
 * @throws S3Error `MalformedXML`
 */
export function readXml(root: string, schema: TSchema, document: string): unknown {
  const validity = XMLValidator.validate(document);
  if (validity !== true) throw malformedXml(`${validity.err.msg.replace(/\s+/g, ' ')} (line ${validity.err.line})`);
  // S3 rejects document types: their entities could expand without limit, or refer to files.
  if (/<!DOCTYPE/i.test(document)) throw malformedXml('it has a document type');
  const tree = parseTree(document);
  const content: unknown = Reflect.get(Object(tree), root);
  if (content === undefined) throw malformedXml(`the root element is not ${root}`);
  return fromElement(schema, content);
}

/** @throws S3Error `MalformedXML` also for names such as `__proto__`, and for nesting deeper than any document of S3 */
function parseTree(document: string): unknown {
  try {
    return parser.parse(document);
  } catch (error) {
    throw malformedXml(error instanceof Error ? error.message : String(error));
  }
}

function fromElement(schema: TSchema, content: unknown): unknown {
  if (traitsOf(schema).timestamp === true) return new Date(textOf(content));
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, content);
    case 'integer':
      return Number(textOf(content).trim() || Number.NaN);
    case 'boolean':
      return booleanOf(textOf(content).trim());
    default:
      return textOf(content);
  }
}

function objectOf(schema: TSchema, content: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const { item = 'member', flattened, element = name } = traitsOf(member);
    const isList = typeOf(member) === 'array';
    const child: unknown = Reflect.get(Object(content), isList && flattened === true ? item : element);
    if (child === undefined) continue;
    if (!isList) {
      result[name] = fromElement(member, Array.isArray(child) ? child[0] : child);
      continue;
    }
    const entries: unknown = flattened === true ? child : Reflect.get(Object(child), item);
    const list = entries === undefined ? [] : Array.isArray(entries) ? entries : [entries];
    result[name] = list.map((entry) => fromElement(itemsOf(member), entry));
  }
  return result;
}

/** The text of an element, which the parser returns as a string, or as `#text` beside other elements. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const inner: unknown = Reflect.get(Object(content), '#text');
  return typeof inner === 'string' ? inner : '';
}

const booleanOf = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
