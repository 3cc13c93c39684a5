import { createHash } from 'node:crypto';
import type { RegistryLogin } from '@bclaw/spec';
import { parseChallenges } from './challenge.js';
import { type HttpOptions, request } from './http.js';
import { ImageError } from './image-error.js';
import { isLoopback } from './location.js';
import { basic } from './login.js';

/**
 * Media types that a tag may point to; an index, which contains an image for each platform, is preferred to one
 * platform's image.
 */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** An image at a registry that implements the OCI distribution specification. */
export interface RegistryImage {
  readonly origin: string;
  readonly repository: string;
  readonly tag: string;
}

/**
 * Asks a registry over the OCI distribution API for the current digest of a tag.
 *
 * `HEAD` does not count as a pull for Docker Hub's limits. From a registry that omits `Docker-Content-Digest`, which
 * the specification allows, the manifest itself is fetched; its SHA-256 is the digest.
 *
 * @param login for a registry that requires one; without it an anonymous token is tried
 * @returns `sha256:…`
 * @throws ImageError
 */
export async function digestFromRegistry(
  image: RegistryImage,
  login: RegistryLogin | undefined,
  options: HttpOptions,
): Promise<string> {
  const url = new URL(`/v2/${image.repository}/manifests/${image.tag}`, image.origin);
  const ask = (method: 'GET' | 'HEAD', authorization: string | undefined) =>
    request(
      url,
      { method, headers: { accept: manifestTypes.join(', '), ...(authorization && { authorization }) } },
      options,
    );

  const first = await ask('HEAD', undefined);
  const authorization = first.status === 401 ? await authorise(first, image, login, options) : undefined;
  const head = first.status === 401 ? await ask('HEAD', authorization) : first;
  const digest = head.headers.get('docker-content-digest') ?? '';
  if (head.ok && isDigest(digest)) return digest;

  const isHeadUnknown = head.status === 405 || head.status === 501;
  if (!head.ok && !isHeadUnknown) throw refusal(head, url, login !== undefined);
  const full = await ask('GET', authorization);
  if (!full.ok) throw refusal(full, url, login !== undefined);
  return `sha256:${createHash('sha256')
    .update(new Uint8Array(await full.arrayBuffer()))
    .digest('hex')}`;
}

const isDigest = (text: string): boolean => /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);

/** The value of `Authorization` after a 401; undefined = no supported authentication scheme. */
async function authorise(
  { headers }: Response,
  image: RegistryImage,
  login: RegistryLogin | undefined,
  options: HttpOptions,
): Promise<string | undefined> {
  const challenges = parseChallenges(headers.get('www-authenticate') ?? '');
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) return `Bearer ${await fetchToken(bearer.parameters, image, login, options)}`;
  const asksForBasic = challenges.some(({ scheme }) => scheme === 'basic');
  return asksForBasic && login !== undefined ? basic(login) : undefined;
}

/** The token protocol of Docker's registries, which Docker Hub, ECR Public, GitHub, GitLab and Quay share. */
async function fetchToken(
  { realm, service, scope }: Readonly<Record<string, string>>,
  image: RegistryImage,
  login: RegistryLogin | undefined,
  options: HttpOptions,
): Promise<string> {
  const url = realmUrl(realm, image);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope ?? `repository:${image.repository}:pull`);
  const response = await request(
    url,
    { headers: { accept: 'application/json', ...(login && { authorization: basic(login) }) } },
    options,
  );
  if (!response.ok) throw refusal(response, url, login !== undefined);
  const answer = tokenIn(await response.text());
  if (answer === undefined) throw badAnswer(url, 'gives no token');
  return answer;
}

/** Passwords and tokens are never sent unencrypted, except within this machine. */
function realmUrl(realm: string | undefined, { origin }: RegistryImage): URL {
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host))) return url;
  throw badAnswer(
    new URL(origin),
    `wants to be asked with a token from ${realm ?? 'nowhere'}, which is no https address`,
  );
}

function tokenIn(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('token' in value && typeof value.token === 'string') return value.token;
  return 'access_token' in value && typeof value.access_token === 'string' ? value.access_token : undefined;
}

function badAnswer(url: URL, what: string): ImageError {
  return new ImageError('bad-answer', `${url.host} ${what}`, 'Check that this is a registry of container images.');
}

function refusal({ status }: Response, url: URL, hasLogin: boolean): ImageError {
  if (status === 404) {
    return new ImageError('not-found', `${url.host} does not have it`, 'Check its name and its tag.');
  }
  if (status === 401 || status === 403) {
    return new ImageError(
      'denied',
      `${url.host} refuses to answer (HTTP ${status}): it does not have it, or not for ${hasLogin ? 'this login' : 'everybody'}`,
      hasLogin
        ? 'Check its name, and the username and password in the secret.'
        : 'Check its name; for a private one write {name: …, auth: <secret>}.',
    );
  }
  if (status === 429) {
    return new ImageError(
      'throttled',
      `${url.host} is asked too often (HTTP 429)`,
      'Try again later, or log in: {name: …, auth: <secret>} raises the limit at most registries.',
    );
  }
  if (status >= 500) {
    return new ImageError('unreachable', `${url.host} is out of order (HTTP ${status})`, 'Try again later.');
  }
  return badAnswer(url, `gives an answer that makes no sense (HTTP ${status})`);
}
