import { validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';

/** A reference to a secret: `{{resolve:secretsmanager:<id or ARN>:SecretString:<key>:<stage>:<version>}}`. */
export interface SecretReference {
  readonly id: string;
  /** A member of the JSON in the secret; undefined for the whole text. */
  readonly key?: string;
  readonly stage?: string;
  readonly version?: string;
}

const reference = /\{\{resolve:(secretsmanager|ssm|ssm-secure):([^{}]*)\}\}/g;

/**
 * Checks the dynamic references in a text before anything is created.
 *
 * @param place - for messages, e.g. `resource Launcher`
 * @throws AwsError `ValidationError` for a malformed reference, and for one to a service that the engine does not have
 */
export function checkDynamicReferences(text: string, place: string): void {
  for (const [whole, service = '', path = ''] of text.matchAll(reference)) {
    if (service === 'secretsmanager') {
      if (secretOf(path) === undefined)
        throw validationError(`Incorrect format is used in the following Secrets Manager reference: [${whole}]`);
    } else if (!/^[a-zA-Z0-9_.\-/]+(:\d+)?$/.test(path))
      throw validationError(`Incorrect format is used in the following SSM reference: [${whole}]`);
    else
      throw validationError(
        `Template error: the embedded engine has no parameters of Systems Manager: [${whole}] (in ${place})`,
      );
  }
}

/** Replaces the references to secrets in properties with what the secrets hold; everything else stays as it is. */
export async function withSecrets(
  properties: JsonObject,
  secret: (reference: SecretReference) => Promise<string>,
): Promise<JsonObject> {
  const inText = async (text: string): Promise<string> => {
    let replaced = '';
    let end = 0;
    for (const match of text.matchAll(reference)) {
      const found = match[1] === 'secretsmanager' ? secretOf(match[2] ?? '') : undefined;
      if (found === undefined) continue;
      replaced += text.slice(end, match.index) + (await secret(found));
      end = match.index + match[0].length;
    }
    return replaced + text.slice(end);
  };
  const inValue = async (value: Json): Promise<Json> => {
    if (typeof value === 'string') return value.includes('{{resolve:') ? inText(value) : value;
    if (isList(value)) return Promise.all(value.map(inValue));
    return isObject(value) ? inObject(value) : value;
  };
  const inObject = async (object: JsonObject): Promise<JsonObject> =>
    Object.fromEntries(
      await Promise.all(Object.entries(object).map(async ([name, value]) => [name, await inValue(value)] as const)),
    );
  return inObject(properties);
}

function secretOf(path: string): SecretReference | undefined {
  const [, id = '', rest] = /^(arn(?::[^:]*){6}|[^:]*)(?::(.*))?$/.exec(path) ?? [];
  const [kind = 'SecretString', key = '', stage = '', version = '', ...more] = rest?.split(':') ?? [];
  if (id === '' || kind !== 'SecretString' || more.length > 0 || (stage !== '' && version !== '')) return undefined;
  return {
    id,
    ...(key === '' ? {} : { key }),
    ...(stage === '' ? {} : { stage }),
    ...(version === '' ? {} : { version }),
  };
}
