import { type AccountRegistry, ecrRegistryOf, expandImage, splitImage } from '@bclaw/spec';

/** Location of an image's manifest. */
export type ImageLocation = {
  /** The registry's host in the image's name, with its port if it has one. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
} & (
  | { readonly kind: 'ecr'; readonly accountId: string; readonly region: string }
  | {
      readonly kind: 'http';
      /** `https://…` without a trailing slash. */
      readonly origin: string;
    }
);

/** Names of Docker Hub; its API has another host. */
const dockerHubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
const dockerHubOrigin = 'https://registry-1.docker.io';

/**
 * The registry of an image: the account's ECR for a short name, otherwise the one in the name.
 *
 * @example
 * ```ts
 * locateImage('docker.io/ubuntu', account); // origin https://registry-1.docker.io, repository library/ubuntu, tag latest
 * ```
 */
export function locateImage(name: string, account: AccountRegistry): ImageLocation {
  const { registry: host = '', repository, tag = 'latest' } = splitImage(expandImage(name, account));
  const ecr = ecrRegistryOf(host);
  if (ecr !== undefined) return { kind: 'ecr', host, repository, tag, accountId: ecr.accountId, region: ecr.region };
  if (dockerHubHosts.includes(host)) {
    const official = repository.includes('/') ? repository : `library/${repository}`;
    return { kind: 'http', host, origin: dockerHubOrigin, repository: official, tag };
  }
  const origin = `${isLoopback(host) ? 'http' : 'https'}://${host}`;
  return { kind: 'http', host, origin, repository, tag };
}

/**
 * Returns true if a host, with or without port, is this machine: container engines use plain HTTP for registries there.
 */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}

/** The image's name with a digest instead of the tag; its registry part stays as in the template. */
export function withDigest(name: string, digest: string): string {
  const { registry, repository } = splitImage(name);
  return `${registry === undefined ? '' : `${registry}/`}${repository}@${digest}`;
}
