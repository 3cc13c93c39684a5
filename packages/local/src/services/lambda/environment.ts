import { credentialsOf, credentialVariables } from '../../kernel/access/session.js';
import type { EngineContext } from '../../kernel/service.js';
import type { FunctionVersion } from './model.js';
import type { WorkerSettings } from './worker-protocol.js';

/** Variables copied from the engine's own environment: the paths of programs and certificates. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];

/** The complete environment of a function: its own variables, Lambda's, and the engine's endpoint. */
export function functionEnvironment(
  context: EngineContext,
  version: FunctionVersion,
  settings: WorkerSettings,
): Record<string, string> {
  const own = Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    ...own,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: context.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...version.configuration.environment,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    ...credentialVariables(credentialsOf({ roleArn: version.configuration.role, name: version.functionName })),
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: version.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.configuration.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.logStream,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    _HANDLER: version.configuration.handler,
  };
}
