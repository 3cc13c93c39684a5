import type { ECRClient } from '@aws-sdk/client-ecr';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AccountRegistry, Image, RegistryLogin } from '@bclaw/spec';
import { digestFromEcr } from './ecr.js';
import { locateImage } from './location.js';
import { readLogin } from './login.js';
import { digestFromRegistry } from './registry.js';

/** Options for access to AWS and registries; all are optional. */
export interface ImageResolverOptions {
  /** URL of an endpoint other than AWS's own. Default: `AWS_ENDPOINT_URL`, else AWS. */
  readonly endpoint?: string;
  /** Region of the secrets. Default: the AWS SDK's. Images in ECR are resolved in the region of their name. */
  readonly region?: string;
  /** A profile of the shared AWS configuration files. */
  readonly profile?: string;
  /** Default: the AWS SDK's own chain. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Timeout of one response of a registry, in milliseconds. Default 10 s. */
  readonly timeoutMs?: number;
  /** The first wait before a retry, in milliseconds; it doubles. Default 500 ms. */
  readonly backoffMs?: number;
}

/** Resolves image names at registries. */
export interface ImageResolver {
  /**
   * The digest of an image: that of its index when it has images for several platforms.
   *
   * @param image name without run-time values, with or without a tag (default `latest`), and without a digest
   * @param account whose ECR has the images with short names
   * @returns `sha256:…`
   * @throws ImageError
   */
  digestOf(image: Image, account: AccountRegistry, signal?: AbortSignal): Promise<string>;
  /** Closes the connections to AWS. */
  destroy(): void;
}

/**
 * Creates a resolver for images in Amazon ECR (private and public), Docker Hub and every registry that implements the
 * OCI distribution API. AWS's clients are loaded when the first image needs them.
 *
 * @example
 * ```ts
 * const resolver = createImageResolver({ region: 'eu-central-1' });
 * const account = { accountId: '123456789012', region: 'eu-central-1' };
 * await resolver.digestOf({ name: 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0' }, account); // 'sha256:…'
 * ```
 */
export function createImageResolver(options: ImageResolverOptions = {}): ImageResolver {
  const { timeoutMs, backoffMs, ...configuration } = options;
  const ecrClients = new Map<string, Promise<ECRClient>>();
  let secrets: Promise<SecretsManagerClient> | undefined;

  const ecrIn = (region: string): Promise<ECRClient> => {
    const client =
      ecrClients.get(region) ??
      import('@aws-sdk/client-ecr').then(({ ECRClient }) => new ECRClient({ ...configuration, region }));
    ecrClients.set(region, client);
    return client;
  };
  // Read again each time: a macro's function lives for hours, and passwords may change meanwhile.
  const loginFrom = async (secret: string): Promise<RegistryLogin> => {
    secrets ??= import('@aws-sdk/client-secrets-manager').then(
      ({ SecretsManagerClient }) => new SecretsManagerClient(configuration),
    );
    return readLogin(await secrets, secret);
  };

  return {
    digestOf: async ({ name, auth }, account, signal) => {
      const location = locateImage(name, account);
      // A job also logs in to ECR with the secret if the template names one.
      if (location.kind === 'ecr' && auth === undefined)
        return digestFromEcr(await ecrIn(location.region), location, signal);
      const origin = location.kind === 'ecr' ? `https://${location.host}` : location.origin;
      const login = auth === undefined ? undefined : await loginFrom(auth);
      return digestFromRegistry({ ...location, origin }, login, { signal, timeoutMs, backoffMs });
    },
    destroy: () => {
      for (const client of ecrClients.values()) void client.then((open) => open.destroy());
      void secrets?.then((open) => open.destroy());
    },
  };
}
