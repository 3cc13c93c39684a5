import { type StateFunction, sub } from '@bclaw/compiler';
import { launcherFunctionName } from '@bclaw/spec/contract';
import { type Grant, useKmsKeys, writes } from './iam.js';
import type { FunctionOptions } from './lambda-function.js';
import { launcherBucketArn, launcherObjects } from './launcher-bucket.js';

/** The buckets of repositories and inputs depend on the templates. */
const readAnywhere: Grant = { actions: ['s3:GetObject', 's3:ListBucket'], resources: ['*'] };
const writeFiles: readonly Grant[] = [
  ...writes(['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload']),
  useKmsKeys,
];

/** The common options of all functions of that bundle. */
export const functionsBundle = { codeKeyParameter: 'FunctionsCodeKey', memoryMiB: 512, timeoutSeconds: 60 } as const;
/** For functions whose work grows with the data: Lambda's maximum. */
const longest = 900;

/** Each function with its minimum of permissions and time. */
export const stateFunctionOptions: Readonly<Record<StateFunction, FunctionOptions>> = {
  initialize: {
    ...functionsBundle,
    id: 'Initialize',
    nameSuffix: '-initialize',
    description: 'First state of every workflow: reads the job file, prepares the repository',
    handler: 'index.initialize',
    grants: [
      { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [launcherObjects('*')] },
      // Without it, S3 reports a missing object as forbidden.
      { actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [launcherBucketArn] },
      ...writes(['s3:PutObject', 's3:PutObjectTagging']),
      useKmsKeys,
    ],
  },
  scatter: {
    ...functionsBundle,
    id: 'Scatter',
    nameSuffix: '-scatter',
    description: 'First state of a scatter step: expands the sources into one item for each branch',
    handler: 'index.scatter',
    memoryMiB: 1024,
    timeoutSeconds: longest,
    grants: [readAnywhere, ...writeFiles],
  },
  gather: {
    ...functionsBundle,
    id: 'Gather',
    nameSuffix: '-gather',
    description: 'Last state of a scatter step: writes the manifest of what the branches put out',
    handler: 'index.gather',
    memoryMiB: 1024,
    timeoutSeconds: longest,
    grants: [readAnywhere, ...writeFiles],
  },
  choose: {
    ...functionsBundle,
    id: 'Choose',
    nameSuffix: '-choose',
    description: 'First state of a chooser: evaluates the conditions',
    handler: 'index.choose',
    grants: [readAnywhere, useKmsKeys],
  },
  subpipeSubmit: {
    ...functionsBundle,
    id: 'SubpipeSubmit',
    nameSuffix: '-subpipe-submit',
    description: 'First state of a subpipe: makes the sub-repository, finds the version to start',
    handler: 'index.subpipeSubmit',
    grants: [
      readAnywhere,
      ...writeFiles,
      {
        // The alias of a workflow's launcher names the live version.
        actions: ['lambda:GetAlias'],
        resources: [
          sub(`arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${launcherFunctionName('*')}`),
        ],
      },
    ],
  },
  subpipeRetrieve: {
    ...functionsBundle,
    id: 'SubpipeRetrieve',
    nameSuffix: '-subpipe-retrieve',
    description: 'Last state of a subpipe: copies files from the sub-repository to the repository',
    handler: 'index.subpipeRetrieve',
    timeoutSeconds: longest,
    grants: [readAnywhere, { actions: ['s3:GetObjectTagging'], resources: ['*'] }, ...writeFiles],
  },
};
