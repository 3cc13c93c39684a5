import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Session, SessionToken } from './caller.js';

/** Credentials of a session of a role, as an SDK takes them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The caller of a service's work on behalf of a role: a function's, a state machine's, a rule's. */
export const roleCaller = (roleArn: string, name: string): Caller => ({
  kind: 'session',
  session: sessionOf({ roleArn, name }),
});

const tokenPrefix = 'bclaw-session.';

/**
 * A session of a role.
 *
 * @param name - the session's name; characters that AWS does not allow become `-`
 */
export function sessionOf(given: SessionToken): Session {
  const name = given.name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
  const [, partition = 'aws', , , account = '', resource = ''] = given.roleArn.split(':');
  const role = resource.slice(resource.lastIndexOf('/') + 1);
  return {
    ...given,
    name,
    principal: {
      kind: 'session',
      account,
      arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${name}`,
      roleArn: given.roleArn,
    },
  };
}

/** Credentials with which the engine recognises a session. */
export function credentialsOf({ roleArn, name, policy, expires }: SessionToken): SessionCredentials {
  const token = Buffer.from(JSON.stringify({ roleArn, name, policy, expires })).toString('base64url');
  return { accessKeyId: 'ASIABCLAWSESSION0000', secretAccessKey: 'local', sessionToken: `${tokenPrefix}${token}` };
}

/** Credentials as the variables from which SDKs read them. */
export const credentialVariables = (credentials: SessionCredentials): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
});

/**
 * The session of a request; undefined for any other credentials.
 *
 * @throws Error if the token is damaged
 */
export function sessionOfRequest(headers: IncomingHttpHeaders, query: URLSearchParams): Session | undefined {
  const header = headers['x-amz-security-token'];
  const token = (typeof header === 'string' ? header : undefined) ?? query.get('X-Amz-Security-Token') ?? '';
  if (!token.startsWith(tokenPrefix)) return undefined;
  const value: unknown = JSON.parse(Buffer.from(token.slice(tokenPrefix.length), 'base64url').toString('utf8'));
  if (!isToken(value)) throw new Error('The session token is damaged.');
  return sessionOf(value);
}

function isToken(value: unknown): value is SessionToken {
  if (typeof value !== 'object' || value === null) return false;
  const { roleArn, name, policy, expires } = value as Partial<Record<keyof SessionToken, unknown>>;
  const isOptional = (member: unknown, type: string) => member === undefined || typeof member === type;
  return (
    typeof roleArn === 'string' &&
    typeof name === 'string' &&
    isOptional(policy, 'string') &&
    isOptional(expires, 'number')
  );
}
