import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { BclawError } from '@bclaw/spec';
import { defaultInstallation } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { bucketExists, ensureBucket } from '../aws/objects.js';
import { sha256 } from '../aws/sha256.js';
import { isInReview, isStillborn, readStack, requireQuiet } from '../aws/stack.js';
import type { StackEvent } from '../aws/stack-events.js';
import { type InstalledCore, readCore } from './core.js';
import { deleteStack, deployStack } from './deploy-stack.js';

/** The Lambda bundles of the core, as zip files. */
export interface Bundles {
  readonly launcher: Uint8Array;
  readonly functions: Uint8Array;
  readonly macro: Uint8Array;
}

/** Keys of the bundles in the code bucket. */
export type CodeKeys = Readonly<Record<keyof Bundles, string>>;

export interface InstallOptions {
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  readonly bundles: Bundles;
  /**
   * Creates the core stack's template, e.g. `(codeKeys) => coreTemplate({ codeKeys, bclawVersion })` of @bclaw/macro.
   */
  readonly template: (codeKeys: CodeKeys) => object;
  /** The core stack's other parameters, e.g. `SubnetIds`, `SecurityGroupIds`, `RunnerImage`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
}

export type InstallProgress =
  | { readonly kind: 'bucket'; readonly bucket: string; readonly outcome: 'created' | 'present' }
  | {
      readonly kind: 'bundle';
      readonly bundle: keyof Bundles;
      readonly key: string;
      readonly outcome: 'uploaded' | 'present';
    }
  | { readonly kind: 'event'; readonly event: StackEvent };

export interface InstallResult {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly core: InstalledCore;
}

/**
 * Installs or updates bclaw's core in an account and region: the code bucket, the Lambda bundles in it,
 * and the core stack. Safe to run again at any time: existing resources stay as they are.
 *
 * @throws BclawError `stack-busy`, `stack-stuck`, `change-set-failed`, `deployment-failed`
 *
 * @example
 * ```ts
 * const { outcome, core } = await install(createClients(), {
 *   bundles,
 *   template: (codeKeys) => coreTemplate({ codeKeys, bclawVersion: '1.0.0' }),
 *   parameters: { RunnerImage: image, SubnetIds: 'subnet-1', SecurityGroupIds: 'sg-1' },
 * });
 * ```
 */
export async function install(
  clients: Pick<Clients, 'cloudFormation' | 's3' | 'sts'>,
  options: InstallOptions,
): Promise<InstallResult> {
  const installation = options.installation ?? defaultInstallation;
  const { Account: account } = await clients.sts.send(new GetCallerIdentityCommand({}));
  const bucket = `${installation}-code-${account}`;
  const bucketOutcome = await ensureBucket(clients, bucket);
  options.onProgress?.({ kind: 'bucket', bucket, outcome: bucketOutcome });

  const codeKeys: CodeKeys = {
    launcher: await uploadBundle(clients, bucket, 'launcher', options),
    functions: await uploadBundle(clients, bucket, 'functions', options),
    macro: await uploadBundle(clients, bucket, 'macro', options),
  };
  const values: Record<string, string> = {
    ...options.parameters,
    CodeBucket: bucket,
    LauncherCodeKey: codeKeys.launcher,
    FunctionsCodeKey: codeKeys.functions,
    MacroCodeKey: codeKeys.macro,
  };
  const { template, importExisting } = await adoptable(clients, options.template(codeKeys), {
    installation,
    launcherBucket: launcherBucketName(options.parameters, installation, account),
  });
  const { outcome } = await deployStack(clients, {
    stackName: installation,
    template: { body: JSON.stringify(template) },
    importExisting,
    parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
    capabilities: ['CAPABILITY_NAMED_IAM'],
    onEvent: (event) => options.onProgress?.({ kind: 'event', event }),
    ...given({ signal: options.signal }),
  });
  return { outcome, core: await readCore(clients, installation) };
}

/**
 * Lets a new core stack import the launcher bucket of an earlier one: the bucket holds the job files and is never
 * deleted. CloudFormation imports an existing resource only if its name is literal in the template, not a function of
 * the stack's name.
 */
async function adoptable(
  clients: Pick<Clients, 'cloudFormation' | 's3'>,
  template: object,
  { installation, launcherBucket }: { readonly installation: string; readonly launcherBucket: string },
): Promise<{ readonly template: object; readonly importExisting: boolean }> {
  const stack = await readStack(clients, installation);
  if (stack !== undefined && !isStillborn(stack) && !isInReview(stack)) return { template, importExisting: false };
  if (!(await bucketExists(clients, launcherBucket))) return { template, importExisting: false };
  const literal: unknown = JSON.parse(JSON.stringify(template), (key, value: unknown) =>
    key === 'BucketName' ? launcherBucket : value,
  );
  if (typeof literal !== 'object' || literal === null) return { template, importExisting: false };
  return { template: literal, importExisting: true };
}

/** The launcher bucket's name, as the core stack forms it. */
const launcherBucketName = (
  { LauncherBucketName: chosen = 'default' }: Readonly<Record<string, string>>,
  installation: string,
  account = '',
): string => (chosen === 'default' ? `${installation}-launcher-${account}` : chosen);

/** Content-addressed, so that a version of a workflow always runs the code that it was deployed with. */
async function uploadBundle(
  clients: Pick<Clients, 's3'>,
  bucket: string,
  bundle: keyof Bundles,
  options: InstallOptions,
): Promise<string> {
  const body = options.bundles[bundle];
  const key = `${bundle}/${sha256(body)}.zip`;
  const report = (outcome: 'uploaded' | 'present') => options.onProgress?.({ kind: 'bundle', bundle, key, outcome });
  try {
    await clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    report('present');
  } catch (error) {
    if (!isAwsError(error, 'NotFound', 'NoSuchKey')) throw error;
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    report('uploaded');
  }
  return key;
}

export interface UninstallOptions {
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  readonly onEvent?: (event: StackEvent) => void;
}

/**
 * Deletes the core stack. The code bucket and the stack's retained resources (the launcher bucket with its job files)
 * stay; a later {@link install} imports them.
 *
 * @throws BclawError `not-installed`, `stack-busy`, `deletion-failed`
 */
export async function uninstall(
  clients: Pick<Clients, 'cloudFormation'>,
  options: UninstallOptions = {},
): Promise<void> {
  const installation = options.installation ?? defaultInstallation;
  const stack = await readStack(clients, installation);
  if (stack === undefined) {
    throw new BclawError('not-installed', `There is no core stack "${installation}" here.`, {
      hint: 'Check the name, the region and the account.',
    });
  }
  requireQuiet(stack);
  await deleteStack(clients, stack, given({ onEvent: options.onEvent }));
}
