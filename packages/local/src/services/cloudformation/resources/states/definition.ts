import { validationError } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import { objectOf, pick, requiredText, textOf } from '../members.js';
import type { ResourceTools } from '../resource-type.js';

/**
 * Returns the text of a state machine's definition from whichever of the three properties contains it, with each
 * `${name}` replaced by its value in `DefinitionSubstitutions`.
 *
 * @throws AwsError `ValidationError` when there is no definition or more than one, or S3's error for an object that
 * cannot be read
 */
export async function definitionOf(request: ResourceTools & { readonly properties: JsonObject }): Promise<string> {
  const { properties } = request;
  const given = Object.keys(pick(properties, ['Definition', 'DefinitionS3Location', 'DefinitionString']));
  if (given.length !== 1)
    throw validationError(
      'Exactly one of Definition, DefinitionS3Location and DefinitionString must be given; here are ' +
        `${given.length === 0 ? 'none' : given.join(' and ')}.`,
    );
  return substitute(await source(request), objectOf(properties, 'DefinitionSubstitutions') ?? {});
}

async function source(request: ResourceTools & { readonly properties: JsonObject }): Promise<string> {
  const { properties } = request;
  const location = objectOf(properties, 'DefinitionS3Location');
  if (location !== undefined) return readText(request, location);
  return textOf(properties, 'DefinitionString') ?? JSON.stringify(properties['Definition'], undefined, 2);
}

async function readText(tools: ResourceTools, location: JsonObject): Promise<string> {
  const version = textOf(location, 'Version');
  const { Body } = await tools.call('s3', 'GetObject', {
    Bucket: requiredText(location, 'Bucket'),
    Key: requiredText(location, 'Key'),
    ...(version === undefined ? {} : { VersionId: version }),
  });
  if (!isBytes(Body)) throw new TypeError('S3 answered without a body.');
  const chunks: Uint8Array[] = [];
  for await (const chunk of Body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function isBytes(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Placeholders without a value are kept: `${…}` can also be part of the state machine itself. */
function substitute(definition: string, values: JsonObject): string {
  return definition.replaceAll(/\$\{([^{}]*)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}
