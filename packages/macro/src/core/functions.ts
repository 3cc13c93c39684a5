import { createHash } from 'node:crypto';
import { type Ref, type Resource, ref } from '@bclaw/compiler';
import { inThisAccount } from './iam.js';
import { type FunctionOptions, functionId, lambdaFunction } from './lambda-function.js';
import { launcherBucketArn, launcherObjects } from './launcher-bucket.js';

/** The functions that state machines call between jobs. */
const initialize: FunctionOptions = {
  id: 'Initialize',
  nameSuffix: '-initialize',
  description: 'First state of every workflow: reads the job file, prepares the repository',
  codeKeyParameter: 'FunctionsCodeKey',
  handler: 'index.initialize',
  memoryMiB: 512,
  timeoutSeconds: 60,
  grants: [
    { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [launcherObjects('*')] },
    // Without it, S3 tells of a missing object as of a forbidden one.
    { actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [launcherBucketArn] },
    // Which buckets hold repositories is up to the templates.
    { actions: ['s3:PutObject', 's3:PutObjectTagging'], resources: ['*'], condition: inThisAccount },
  ],
};

/**
 * The published version of a function. Its logical id changes with the code and the configuration, because
 * CloudFormation publishes one version per resource; the version before leaves the template and is retained, for
 * workflows that are deployed call it by its number.
 */
function publishedVersion(options: FunctionOptions, codeKey: string) {
  const digest = createHash('sha256').update(JSON.stringify({ options, codeKey })).digest('hex').slice(0, 8);
  return {
    id: `${options.id}Version${digest}`,
    resource: {
      Type: 'AWS::Lambda::Version',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: ref(functionId(options.id)), Description: codeKey },
    } satisfies Resource,
  };
}

export interface StateFunctions {
  readonly resources: Readonly<Record<string, Resource>>;
  /** ARN with the version number, for each function. */
  readonly arns: { readonly initialize: Ref };
}

/** @param codeKey - key of the functions' zip file */
export function stateFunctions(codeKey: string): StateFunctions {
  const version = publishedVersion(initialize, codeKey);
  return {
    resources: { ...lambdaFunction(initialize), [version.id]: version.resource },
    arns: { initialize: ref(version.id) },
  };
}
