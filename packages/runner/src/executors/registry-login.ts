import { BclawError, ecrRegistryOf, parseRegistryLogin, type RegistryLogin } from '@bclaw/spec/run-time';
import { awsClientSettings } from '../aws-client-settings.js';

/** The login that a container engine sends to a registry. */
export interface EngineLogin extends RegistryLogin {
  readonly serveraddress: string;
}

/**
 * The login for an image's registry: the secret that the template names, else a token if the registry is ECR, else
 * none.
 *
 * @throws BclawError `registry-login` with the problem of the secret or the permission
 */
export async function registryLogin(image: string, secret: string | undefined): Promise<EngineLogin | undefined> {
  const host = image.split('/')[0] ?? '';
  if (secret !== undefined) return loginFromSecret(host, secret);
  const region = ecrRegistryOf(host)?.region;
  return region === undefined ? undefined : loginToEcr(host, region);
}

async function loginToEcr(host: string, region: string): Promise<EngineLogin> {
  const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
  try {
    const { authorizationData } = await new ECRClient({ ...awsClientSettings, region }).send(
      new GetAuthorizationTokenCommand({}),
    );
    const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
    const colon = token.indexOf(':');
    return { username: token.slice(0, colon), password: token.slice(colon + 1), serveraddress: host };
  } catch (cause) {
    throw new BclawError('registry-login', `ECR gives no token for ${host}: ${messageOf(cause)}.`, {
      hint: "The job's role needs ecr:GetAuthorizationToken, and permission to pull from the repository.",
      cause,
    });
  }
}

async function loginFromSecret(host: string, secret: string): Promise<EngineLogin> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  let text: string | undefined;
  try {
    ({ SecretString: text } = await new SecretsManagerClient(awsClientSettings).send(
      new GetSecretValueCommand({ SecretId: secret }),
    ));
  } catch (cause) {
    throw new BclawError('registry-login', `The secret ${secret} cannot be read: ${messageOf(cause)}.`, {
      hint: "Check its name in the template's +auth, and that the job's role has secretsmanager:GetSecretValue.",
      cause,
    });
  }
  const login = parseRegistryLogin(text ?? '');
  if (login === undefined)
    throw new BclawError('registry-login', `The secret ${secret} is not of the form {"username": …, "password": …}.`);
  return { ...login, serveraddress: host };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
