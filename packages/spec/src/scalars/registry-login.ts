/** The credentials for a private registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * Parses the secret that an image's `auth` names.
 *
 * @param text - the secret: JSON `{"username": …, "password": …}`; other members are ignored
 * @returns undefined when it has another form
 * @example parseRegistryLogin('{"username": "lab", "password": "…"}')
 */
export function parseRegistryLogin(text: string): RegistryLogin | undefined {
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
