import { type Static, Type } from 'typebox';
import { AwsError } from '../../wire/aws-error.js';
import type { FunctionConfiguration, FunctionVersion } from './model.js';

export const role = Type.String({ pattern: '^arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+$' });

/** The members of CreateFunction and UpdateFunctionConfiguration that form a version's configuration. */
export const configurationMembers = {
  Runtime: Type.Optional(Type.String()),
  Role: Type.Optional(role),
  Handler: Type.Optional(Type.String({ maxLength: 128, pattern: '^[^\\s]+$' })),
  Description: Type.Optional(Type.String({ maxLength: 256 })),
  Timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 900 })),
  MemorySize: Type.Optional(Type.Integer({ minimum: 128, maximum: 10_240 })),
  Environment: Type.Optional(Type.Object({ Variables: Type.Optional(Type.Record(Type.String(), Type.String())) })),
  EphemeralStorage: Type.Optional(Type.Object({ Size: Type.Integer({ minimum: 512, maximum: 10_240 }) })),
  DeadLetterConfig: Type.Optional(Type.Object({ TargetArn: Type.Optional(Type.String()) })),
  LoggingConfig: Type.Optional(
    Type.Object({ LogGroup: Type.Optional(Type.String()), LogFormat: Type.Optional(Type.String()) }),
  ),
  TracingConfig: Type.Optional(Type.Object({ Mode: Type.Optional(Type.String()) })),
};
const configurationInput = Type.Object(configurationMembers);

type ConfigurationInput = Static<typeof configurationInput>;

/** Lambda sets these itself; a function must not. */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Lambda's quota "Environment variables": total size in bytes. */
const environmentBytesLimit = 4096;

/** The configuration of a new function, with Lambda's defaults. */
export function createConfiguration(
  name: string,
  input: ConfigurationInput & { readonly Role: string },
): FunctionConfiguration {
  const initial: FunctionConfiguration = {
    runtime: required(input.Runtime, 'runtime'),
    role: input.Role,
    handler: required(input.Handler, 'handler'),
    timeoutSeconds: 3,
    memoryMiB: 128,
    environment: {},
    architectures: ['x86_64'],
    ephemeralStorageMiB: 512,
    logGroup: `/aws/lambda/${name}`,
    logFormat: 'Text',
    tracingMode: 'PassThrough',
  };
  return changeConfiguration(initial, input);
}

/** The configuration updated with the members of the input; missing members stay unchanged. */
export function changeConfiguration(before: FunctionConfiguration, input: ConfigurationInput): FunctionConfiguration {
  const runtime = input.Runtime ?? before.runtime;
  if (!/^nodejs\d+\.x$/.test(runtime))
    throw new AwsError(
      'InvalidParameterValueException',
      `Value ${runtime} at 'runtime' failed to satisfy constraint: the embedded engine runs Node.js functions only, for example nodejs24.x`,
    );
  const environment = input.Environment === undefined ? before.environment : (input.Environment.Variables ?? {});
  checkEnvironment(environment);
  const { deadLetterTargetArn: _, ...rest } = before;
  const deadLetter =
    input.DeadLetterConfig === undefined ? before.deadLetterTargetArn : input.DeadLetterConfig.TargetArn;
  return {
    ...rest,
    runtime,
    role: input.Role ?? before.role,
    handler: input.Handler ?? before.handler,
    timeoutSeconds: input.Timeout ?? before.timeoutSeconds,
    memoryMiB: input.MemorySize ?? before.memoryMiB,
    environment,
    ephemeralStorageMiB: input.EphemeralStorage?.Size ?? before.ephemeralStorageMiB,
    logGroup: input.LoggingConfig?.LogGroup ?? before.logGroup,
    logFormat: input.LoggingConfig?.LogFormat ?? before.logFormat,
    tracingMode: input.TracingConfig?.Mode ?? before.tracingMode,
    ...(deadLetter ? { deadLetterTargetArn: deadLetter } : {}),
  };
}

/** A version in the output shape of GetFunctionConfiguration and similar operations. */
export function describeVersion(version: FunctionVersion, arn: string): Record<string, unknown> {
  const { configuration: settings } = version;
  return {
    FunctionName: version.functionName,
    FunctionArn: arn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: version.code.bytes,
    CodeSha256: version.code.sha256,
    Description: version.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMiB,
    LastModified: version.lastModified.replace('Z', '+0000'),
    Version: version.version,
    RevisionId: version.revisionId,
    TracingConfig: { Mode: settings.tracingMode },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: settings.architectures,
    EphemeralStorage: { Size: settings.ephemeralStorageMiB },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: settings.logFormat, LogGroup: settings.logGroup },
    ...(Object.keys(settings.environment).length > 0 ? { Environment: { Variables: settings.environment } } : {}),
    ...(settings.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: settings.deadLetterTargetArn } }),
  };
}

/** Returns true if two versions have the same code and configuration: publishing then returns the existing one. */
export function sameContent(a: FunctionVersion, b: FunctionVersion): boolean {
  return a.code.sha256 === b.code.sha256 && canonical(a.configuration) === canonical(b.configuration);
}

function canonical(configuration: FunctionConfiguration): string {
  const environment = Object.entries(configuration.environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([...Object.entries({ ...configuration, environment })].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function required(value: string | undefined, member: string): string {
  if (value === undefined || value === '')
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const refusal =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const reserved = Object.keys(environment).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0)
    throw new AwsError(
      'InvalidParameterValueException',
      `${refusal} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  const text = JSON.stringify(environment);
  if (Buffer.byteLength(text) > environmentBytesLimit)
    throw new AwsError(
      'InvalidParameterValueException',
      `${refusal} exceeded the 4KB limit. String measured: ${text.slice(0, 200)}…`,
    );
}
