import { getAtt, type Resource, ref, sub, type Text } from '@bclaw/compiler';
import { type Grant, role } from './iam.js';
import { logGroup } from './log-group.js';

/** A function of the core stack. */
export interface FunctionOptions {
  /** Prefix of the logical ids, e.g. `Initialize`. */
  readonly id: string;
  /** The function is called `<stack><nameSuffix>`. */
  readonly nameSuffix: string;
  readonly description: string;
  /** Parameter that holds the key of its zip file. */
  readonly codeKeyParameter: string;
  readonly handler: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly grants: readonly Grant[];
  readonly environment?: Readonly<Record<string, Text>>;
}

export const functionId = (id: string): string => `${id}Function`;
const roleId = (id: string): string => `${id}Role`;
const logGroupId = (id: string): string => `${id}LogGroup`;

/** A function with its role and its log group. */
export function lambdaFunction(options: FunctionOptions): Readonly<Record<string, Resource>> {
  return {
    ...logGroup(logGroupId(options.id)),
    [roleId(options.id)]: role({
      description: `Role of the function ${options.id}`,
      service: 'lambda.amazonaws.com',
      grants: [
        ...options.grants,
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [getAtt(logGroupId(options.id), 'Arn')] },
      ],
    }),
    [functionId(options.id)]: {
      Type: 'AWS::Lambda::Function',
      Properties: functionProperties(options),
    },
  };
}

/** The function's own properties. */
export function functionProperties(options: FunctionOptions): Readonly<Record<string, unknown>> {
  return {
    FunctionName: sub(`\${AWS::StackName}${options.nameSuffix}`),
    Description: options.description,
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: options.handler,
    Code: { S3Bucket: ref('CodeBucket'), S3Key: ref(options.codeKeyParameter) },
    Role: getAtt(roleId(options.id), 'Arn'),
    MemorySize: options.memoryMiB,
    Timeout: options.timeoutSeconds,
    LoggingConfig: { LogGroup: ref(logGroupId(options.id)) },
    ...(options.environment === undefined ? {} : { Environment: { Variables: options.environment } }),
  };
}
