import { BatchClient } from '@aws-sdk/client-batch';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { createImageResolver, type ImageResolver } from '@bclaw/images';
import { given } from '@bclaw/spec/given';

/** The AWS clients for operations: your own, or those of {@link createClients}. */
export interface Clients {
  readonly batch: BatchClient;
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  /** Resolves image tags at registries; its own AWS clients are created on demand. */
  readonly images: ImageResolver;
}

export interface ClientOptions {
  /** URL of an endpoint other than AWS's own, e.g. of the embedded engine. Default: `AWS_ENDPOINT_URL`, else AWS. */
  readonly endpoint?: string;
  /** Default: the AWS SDK's own lookup (`AWS_REGION`, the profile). */
  readonly region?: string;
  /** A profile of the shared AWS configuration files. Default: `AWS_PROFILE`, else `default`. */
  readonly profile?: string;
  /** Default: the AWS SDK's own chain (environment, profile, container, instance). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * Creates the clients for operations, all with the same endpoint, region and credentials.
 *
 * @example
 * ```ts
 * const clients = createClients({ region: 'eu-central-1' });
 * const table = await listVersions(clients, { workflow: 'variant-calling' });
 * ```
 */
export function createClients(options: ClientOptions = {}): Clients {
  const configuration = given({
    endpoint: options.endpoint,
    region: options.region,
    profile: options.profile,
    credentials: options.credentials,
    // Calls for each of many versions soon meet a throttle: Step Functions refills some buckets at one to five a second.
    maxAttempts: process.env['AWS_MAX_ATTEMPTS'] === undefined ? 10 : undefined,
  });
  // Only AWS's own endpoints can have a host name for every bucket.
  const forcePathStyle = [options.endpoint, process.env['AWS_ENDPOINT_URL_S3'], process.env['AWS_ENDPOINT_URL']].some(
    Boolean,
  );
  return {
    batch: new BatchClient(configuration),
    cloudFormation: new CloudFormationClient(configuration),
    lambda: new LambdaClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    s3: new S3Client({ ...configuration, forcePathStyle }),
    sfn: new SFNClient(configuration),
    sqs: new SQSClient(configuration),
    sts: new STSClient(configuration),
    images: createImageResolver(configuration),
  };
}

/** Closes the clients' connections; call it when the clients are no longer needed. */
export function destroyClients(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy();
}
