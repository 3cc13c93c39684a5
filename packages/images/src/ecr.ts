import type { ECRClient } from '@aws-sdk/client-ecr';
import { given } from '@bclaw/spec/given';
import { ImageError } from './image-error.js';
import { manifestTypes } from './registry.js';

/** An image in a private registry of Amazon ECR. */
export interface EcrImage {
  readonly host: string;
  readonly accountId: string;
  readonly repository: string;
  readonly tag: string;
}

/**
 * Asks Amazon ECR for the current digest of a tag. A pull calls BatchGetImage too, so the permission to pull is enough,
 * also for repositories of other accounts, and a pull-through cache fetches images that it does not have yet.
 *
 * @param client of the registry's region
 * @returns `sha256:…`
 * @throws ImageError
 */
export async function digestFromEcr(client: ECRClient, image: EcrImage, signal?: AbortSignal): Promise<string> {
  const { BatchGetImageCommand } = await import('@aws-sdk/client-ecr');
  try {
    const { images = [], failures = [] } = await client.send(
      new BatchGetImageCommand({
        registryId: image.accountId,
        repositoryName: image.repository,
        imageIds: [{ imageTag: image.tag }],
        // Without the media types of an index, ECR may return one platform's image.
        acceptedMediaTypes: [...manifestTypes],
      }),
      given({ abortSignal: signal }),
    );
    const digest = images[0]?.imageId?.imageDigest;
    if (digest !== undefined) return digest;
    throw failure(failures[0]?.failureCode ?? 'no image', failures[0]?.failureReason, image);
  } catch (error) {
    throw error instanceof ImageError ? error : explain(error, image);
  }
}

function failure(code: string, reason: string | undefined, { host }: EcrImage): ImageError {
  switch (code) {
    case 'ImageNotFound':
    case 'InvalidImageTag':
      return new ImageError('not-found', `${host} does not have it`, 'Check its tag; push it before you deploy.');
    case 'UpstreamTooManyRequests':
      return new ImageError('throttled', `the registry behind ${host} is asked too often`, 'Try again later.');
    case 'UpstreamUnavailable':
      return new ImageError('unreachable', `the registry behind ${host} cannot be reached`, 'Try again later.');
    default:
      return new ImageError('denied', `${host} refuses (${code}: ${reason ?? 'no reason given'})`, 'Check its name.');
  }
}

function explain(error: unknown, { host, accountId, repository }: EcrImage): ImageError {
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  switch (name) {
    case 'RepositoryNotFoundException':
      return new ImageError(
        'not-found',
        `the account ${accountId} has no repository \`${repository}\` in ECR`,
        'A name without a registry is in ECR of this account; for an image of Docker Hub write docker.io/….',
        error,
      );
    case 'InvalidParameterException':
      return new ImageError('not-found', `ECR has no such names (${message})`, 'Check the name and the tag.', error);
    case 'AccessDeniedException':
    case 'UnrecognizedClientException':
    case 'ExpiredTokenException':
      return new ImageError(
        'denied',
        `${host} refuses (${name}: ${message})`,
        "Asking takes the permission ecr:BatchGetImage; another account's repository grants it in its policy.",
        error,
      );
    case 'CredentialsProviderError':
      return new ImageError(
        'no-login',
        `${host} cannot be asked without AWS credentials (${message})`,
        'Say which with AWS_PROFILE, AWS_ACCESS_KEY_ID or `aws sso login`.',
        error,
      );
    case 'ThrottlingException':
    case 'TooManyRequestsException':
      return new ImageError('throttled', `${host} is asked too often (${name})`, 'Try again later.', error);
    default:
      return new ImageError(
        'unreachable',
        `ECR gives no answer for ${host} (${name}: ${message})`,
        'Check the region in the name, and the network.',
        error,
      );
  }
}
