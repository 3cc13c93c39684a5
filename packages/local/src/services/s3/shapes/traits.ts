import { type TOptional, type TSchema, type TString, Type } from 'typebox';

/**
 * The location of an input or output member in S3's REST/XML protocol. Traits are additional keywords of the member's
 * TypeBox schema, so a shape is declared once: TypeScript's types, validation and the wire format all come from it.
 */
export interface Traits {
  /** Part of the path: the bucket's name or the object's key. */
  readonly label?: 'bucket' | 'key';
  /** A header, in lower case. */
  readonly header?: string;
  /** Every header with this prefix, as one record. */
  readonly headerPrefix?: string;
  /** A parameter of the query string. */
  readonly query?: string;
  /** The whole body: bytes, text as it is, or the name of the XML document's root element. */
  readonly payload?: 'stream' | 'text' | { readonly root: string };
  /** Date format: RFC 1123 in headers, ISO 8601 in XML. */
  readonly timestamp?: boolean;
  /** The name of each element of a list; a flattened list has no enclosing element. */
  readonly item?: string;
  readonly flattened?: boolean;
  /** The XML element, if its name differs from the member's. */
  readonly element?: string;
}

export const label = (name: 'bucket' | 'key'): TString => Type.String({ label: name, minLength: 1 });

export const text = (traits: Traits = {}): TOptional<TString> => Type.Optional(Type.String({ ...traits }));
export const integer = (traits: Traits = {}) => Type.Optional(Type.Integer({ ...traits }));
export const flag = (traits: Traits = {}) => Type.Optional(Type.Boolean({ ...traits }));

/** A date; in JavaScript a `Date`. */
export const time = (traits: Traits = {}) => Type.Optional(Type.Unsafe<Date>({ ...traits, timestamp: true }));

export const header = (name: string) => text({ header: name });
export const query = (name: string) => text({ query: name });

/** Repeated elements without an enclosing one: `<Part>…</Part><Part>…</Part>`. */
export const flattened = <T extends TSchema>(item: string, schema: T) => Type.Array(schema, { item, flattened: true });

/** A list inside its own element: `<TagSet><Tag>…</Tag></TagSet>`. */
export const listOf = <T extends TSchema>(item: string, schema: T) => Type.Array(schema, { item });

/** The traits of a member's schema. */
export const traitsOf = (schema: TSchema): Traits => schema;
