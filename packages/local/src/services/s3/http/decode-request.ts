import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Bodies } from '../../../wire/bodies.js';
import { membersOf, typeOf } from '../../../wire/schema.js';
import { invalidArgument, malformedXml } from '../errors.js';
import type { OperationModel } from '../shapes/operation.js';
import { traitsOf } from '../shapes/traits.js';
import type { Address } from './address.js';
import { decodeMetadata } from './metadata-encoding.js';
import { RequestBody } from './request-body.js';
import { readXml } from './xml.js';

/**
 * Decodes the input of an operation from an HTTP request, member by member according to the model's traits. Content is
 * not read here: it becomes a stream.
 *
 * @throws S3Error `InvalidArgument`, `MalformedXML`
 */
export async function decodeRequest(
  model: OperationModel,
  address: Address,
  request: IncomingMessage,
  bodies: Bodies,
): Promise<Readonly<Record<string, unknown>>> {
  const input: Record<string, unknown> = {};
  for (const [name, schema] of membersOf(model.input)) {
    const value = await decodeMember(schema, address, request, bodies);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

async function decodeMember(
  schema: TSchema,
  address: Address,
  request: IncomingMessage,
  bodies: Bodies,
): Promise<unknown> {
  const { label, header, headerPrefix, query, payload } = traitsOf(schema);
  if (label !== undefined) return address[label];
  if (header !== undefined) return convert(schema, header, headerValue(request.headers, header));
  if (query !== undefined) return convert(schema, query, address.query.get(query) ?? undefined);
  if (headerPrefix !== undefined) return prefixed(request.headers, headerPrefix);
  if (payload === undefined) return undefined;
  const body = new RequestBody(request, bodies);
  if (payload === 'stream') return body;
  if (payload === 'text') return body.text();
  return document(schema, payload.root, await body.text());
}

/** An empty body omits an optional document; the schema decides whether it is optional. */
function document(schema: TSchema, root: string, text: string): unknown {
  if (text.trim() === '') return undefined;
  const value = readXml(root, schema, text);
  if (!Value.Check(schema, value)) {
    const [problem] = Value.Errors(schema, value);
    throw malformedXml(`${root}${problem?.instancePath ?? ''} ${problem?.message ?? 'does not fit'}`);
  }
  return value;
}

function convert(schema: TSchema, name: string, value: string | undefined): unknown {
  if (value === undefined) return undefined;
  if (traitsOf(schema).timestamp === true) {
    const date = new Date(value);
    // An invalid date is ignored as a condition (RFC 9110).
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  switch (typeOf(schema)) {
    case 'integer': {
      if (value === '') return undefined;
      if (!/^-?\d+$/.test(value))
        throw invalidArgument(name, value, `Provided ${name} not an integer or within integer range`);
      return Number(value);
    }
    case 'boolean':
      return value.toLowerCase() === 'true';
    case 'array':
      return value.split(',').map((part) => part.trim());
    default:
      return value;
  }
}

function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function prefixed(headers: IncomingHttpHeaders, prefix: string): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headerValue(headers, name);
    if (name.startsWith(prefix) && value !== undefined) found[name.slice(prefix.length)] = decodeMetadata(value);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
