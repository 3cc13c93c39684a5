import { mistakeIn, type PolicyKind } from '../../../../iam/policy.js';
import { AwsError } from '../../../../wire/aws-error.js';
import type { Json, JsonObject } from '../../json.js';
import { documentText } from '../members.js';

/**
 * A policy document as text, as IAM accepts it.
 *
 * @throws AwsError `MalformedPolicyDocument`
 */
export function policyText(document: Json | undefined, kind: PolicyKind): string {
  const text = documentText(document ?? {});
  const mistake = mistakeIn(text, kind);
  if (mistake !== undefined) throw new AwsError('MalformedPolicyDocument', mistake);
  return text;
}

/** Tags of a resource, from its property. */
export const tagsOf = (tags: readonly JsonObject[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)]));
