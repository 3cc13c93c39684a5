import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseRegistryLogin, type RegistryLogin } from '@bclaw/spec';
import { registryTag } from '@bclaw/spec/contract';
import { ImageError } from './image-error.js';

/** The value of `Authorization` for HTTP's Basic scheme. */
export const basic = ({ username, password }: RegistryLogin): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * Reads the secret that an image's `auth` names: `{"username", "password"}`.
 *
 * @throws ImageError `no-login`
 */
export async function readLogin(client: SecretsManagerClient, secret: string): Promise<RegistryLogin> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secret })));
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new ImageError(
      'no-login',
      `the secret \`${secret}\` cannot be read (${reason})`,
      `Check the name; the macro reads secrets of its own account and region with the tag ${registryTag.key} = ${registryTag.value}.`,
      cause,
    );
  }
  const login = parseRegistryLogin(text ?? '');
  if (login !== undefined) return login;
  throw new ImageError(
    'no-login',
    `the secret \`${secret}\` does not have the form of a login`,
    'Store {"username": "…", "password": "…"} in it.',
  );
}
