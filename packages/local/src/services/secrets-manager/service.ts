import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { secretsAccess } from './access.js';
import { secretOperations } from './operations/secrets.js';
import { valueOperations } from './operations/values.js';
import { Secrets } from './secrets.js';

/** AWS Secrets Manager. Secrets are stored in the journal in the clear: use it for tests, not for real secrets. */
export function createSecretsManagerService(context: EngineContext): Service {
  const secrets = new Secrets(context);
  return {
    name: 'secretsmanager',
    operations: operationTable(secretOperations(context, secrets), valueOperations(secrets)),
    access: secretsAccess(context, secrets),
    json: { version: '1.1' },
  };
}
