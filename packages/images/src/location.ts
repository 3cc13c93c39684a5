import { type AccountRegistry, ecrRegistryOf, expandImage, splitImage } from '@bclaw/spec';

/** Where the manifest of an image is. */
export type ImageLocation = {
  /** The registry's host as the image names it, with its port if it has one. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
} & (
  | { readonly kind: 'ecr'; readonly accountId: string; readonly region: string }
  | {
      readonly kind: 'http';
      /** `https://…` without a slash at the end. */
      readonly origin: string;
    }
);

/** Docker Hub goes by these names; its API answers under another one. */
const dockerHubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
const dockerHubOrigin = 'https://registry-1.docker.io';

/**
 * Where to ask for an image: a short name in the account's ECR, any other at the registry that it names.
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

/** Whether a host, with or without port, is this machine: container engines speak plain HTTP to registries there. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}

/** The name of the image with a digest in place of the tag; the part that says where it is stays as the template has it. */
export function withDigest(name: string, digest: string): string {
  const { registry, repository } = splitImage(name);
  return `${registry === undefined ? '' : `${registry}/`}${repository}@${digest}`;
}
