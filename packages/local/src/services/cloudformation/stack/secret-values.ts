import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../wire/aws-error.js';
import { validationError } from '../errors.js';
import { isObject, type JsonObject } from '../json.js';
import type { ResourceTools } from '../resources/resource-type.js';
import { type SecretReference, withSecrets } from '../template/dynamic-references.js';

/**
 * The properties of a resource as its service gets them: references to secrets are replaced in the moment of the call,
 * and stay what they are in the stack's own records.
 *
 * @throws AwsError in CloudFormation's words when a secret, or a key in it, does not exist
 */
export function propertiesWithSecrets(tools: ResourceTools, properties: JsonObject): Promise<JsonObject> {
  return withSecrets(properties, (reference) => secretValue(tools, reference));
}

async function secretValue(tools: ResourceTools, { id, key, stage, version }: SecretReference): Promise<string> {
  const answer = await tools
    .call('secretsmanager', 'GetSecretValue', {
      SecretId: id,
      ...(stage === undefined ? {} : { VersionStage: stage }),
      ...(version === undefined ? {} : { VersionId: version }),
    })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      throw validationError(
        `${error.message} (Service: AWSSecretsManager; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${randomUUID()}; Proxy: null)`,
      );
    });
  const text = answer['SecretString'];
  if (typeof text !== 'string') throw validationError(`The secret ${id} has no SecretString.`);
  return key === undefined ? text : memberOf(text, key);
}

function memberOf(text: string, key: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw validationError('Could not parse SecretString JSON');
  }
  const found: unknown = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (found === undefined) throw validationError('Could not find a value associated with JSONKey in SecretString');
  return typeof found === 'string' ? found : JSON.stringify(found);
}
