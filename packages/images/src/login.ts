import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ImageError } from './image-error.js';

/** What a private registry wants to know. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The value of `Authorization` for HTTP's Basic scheme. */
export const basic = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * Reads the secret that an image's `auth` names: `{"username", "password"}`.
 *
 * @throws ImageError `no-login`
 */
export async function readLogin(client: SecretsManagerClient, secret: string): Promise<Login> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secret })));
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new ImageError(
      'no-login',
      `the secret \`${secret}\` cannot be read (${reason})`,
      'Check the name; the macro reads secrets of its own account and region with the tag bclaw:registry = true.',
      cause,
    );
  }
  const login = parseLogin(text ?? '');
  if (login !== undefined) return login;
  throw new ImageError(
    'no-login',
    `the secret \`${secret}\` does not have the form of a login`,
    'Store {"username": "…", "password": "…"} in it.',
  );
}

function parseLogin(text: string): Login | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('username' in value) || !('password' in value)) return undefined;
  const { username, password } = value;
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}
