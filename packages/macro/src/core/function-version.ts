import { createHash } from 'node:crypto';
import { type Resource, ref } from '@bclaw/compiler';
import { type FunctionOptions, functionId, functionProperties } from './lambda-function.js';

/**
 * The published version of a function. Its logical id changes with what Lambda keeps in a version, because
 * CloudFormation publishes one version per resource; the previous version leaves the template and is retained, because
 * deployed workflows call it by its number.
 *
 * With nothing else may the id change: Lambda publishes no version of a function that is as it was, and CloudFormation
 * then fails with "A version for this Lambda function exists ( 1 ). Modify the function to create a new version."
 *
 * @param codeKey - key of the zip file, which holds the digest of its bytes
 */
export function publishedVersion(options: FunctionOptions, codeKey: string): { id: string; resource: Resource } {
  const kept = JSON.stringify(versionedProperties(options, codeKey));
  return {
    id: `${options.id}Version${createHash('sha256').update(kept).digest('hex').slice(0, 8)}`,
    resource: {
      Type: 'AWS::Lambda::Version',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: ref(functionId(options.id)), Description: codeKey },
    },
  };
}

/**
 * Properties of AWS::Lambda::Function that belong to the function and not to its versions, as the AWS CDK classifies
 * them for `currentVersion`.
 */
const unversioned: ReadonlySet<string> = new Set([
  'CodeSigningConfigArn',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Tags',
]);

/** The properties that Lambda compares when it publishes: the role's ARN is part of it, the role's policies are not. */
function versionedProperties(options: FunctionOptions, codeKey: string): readonly (readonly [string, unknown])[] {
  return Object.entries({ ...functionProperties(options), Code: codeKey })
    .filter(([name]) => !unversioned.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
