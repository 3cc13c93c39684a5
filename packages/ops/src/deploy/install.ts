import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { BclawError } from '@bclaw/spec';
import { defaultInstallation, defaultMacroName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { arnScope } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { bucketExists, ensureBucket } from '../aws/objects.js';
import { poll } from '../aws/poll.js';
import { sha256 } from '../aws/sha256.js';
import { isBusy, isInReview, isStillborn, readStack, requireQuiet, type StackState } from '../aws/stack.js';
import type { StackEvent } from '../aws/stack-events.js';
import type { ParameterValue } from './change-set.js';
import { type InstalledCore, readCore } from './core.js';
import { checkCoreName, requireFreeNames, requireOwnStack } from './core-names.js';
import { deleteStack, deployStack } from './deploy-stack.js';
import { templateSource } from './template-source.js';

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
  /**
   * The core stack's other parameters, e.g. `SubnetIds`, `SecurityGroupIds`, `RunnerImage`. In an update, those that are
   * absent keep their values.
   */
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
 * and the core stack. Safe to run again at any time, also after it was interrupted or denied a call: existing resources
 * stay as they are, and a change of the stack that is under way is waited for.
 *
 * Before anything is made, it refuses names that cannot be, that are taken, or that are of a stack that bclaw did not make.
 *
 * @throws BclawError `bad-core-name`, `not-a-core-stack`, `name-taken`, `missing-value`, `stack-busy`, `stack-stuck`,
 *   `change-set-failed`, `deployment-failed`
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
  checkCoreName(installation);
  const { Account: account = '', Arn: caller } = await clients.sts.send(new GetCallerIdentityCommand({}));
  const launcherBucket = launcherBucketName(options.parameters, installation, account);
  const before = await readQuietStack(clients, installation, options.signal);
  await requireFreeNames(clients, installation, {
    macro: options.parameters['MacroName'] ?? before?.parameters['MacroName'] ?? defaultMacroName,
    launcherBucket,
  });
  const keys = codeKeysOf(options.bundles);
  const bucket = `${installation}-code-${account}`;
  const values = parameterValues(options, before, bucket, keys);

  const bucketOutcome = await ensureBucket(clients, bucket);
  options.onProgress?.({ kind: 'bucket', bucket, outcome: bucketOutcome });
  for (const bundle of ['launcher', 'functions', 'macro'] as const)
    await uploadBundle(clients, bucket, bundle, keys[bundle], options);
  const { template, importExisting } = await adoptable(clients, options.template(keys), before, launcherBucket);
  const { partition } = arnScope(caller ?? before?.id ?? 'arn:aws:sts:::');
  const region = await clients.s3.config.region();
  const { outcome } = await deployStack(clients, {
    stackName: installation,
    template: await templateSource(clients, JSON.stringify(template), { bucket, region, partition }),
    importExisting,
    parameters: values,
    capabilities: ['CAPABILITY_NAMED_IAM'],
    onEvent: (event) => options.onProgress?.({ kind: 'event', event }),
    ...given({ signal: options.signal }),
  });
  return { outcome, core: await readCore(clients, installation) };
}

/**
 * The core stack, once no change of it is under way: an installation that was interrupted goes on in CloudFormation.
 *
 * @throws BclawError `not-a-core-stack`
 */
async function readQuietStack(
  clients: Pick<Clients, 'cloudFormation'>,
  installation: string,
  signal: AbortSignal | undefined,
): Promise<StackState | undefined> {
  const { stack } = await poll(
    async () => {
      const stack = await readStack(clients, installation);
      if (stack !== undefined && isBusy(stack)) return undefined;
      // Only now: a stack that is being made may not tell its parameters yet.
      requireOwnStack(stack);
      return { stack };
    },
    { what: `the change of the stack "${installation}"`, maxIntervalMs: 3_000, ...given({ signal }) },
  );
  return stack;
}

/**
 * Lets a new core stack import the launcher bucket of an earlier one: the bucket holds the job files and is never
 * deleted. CloudFormation imports an existing resource only if its name is literal in the template, not a function of
 * the stack's name.
 */
async function adoptable(
  clients: Pick<Clients, 'cloudFormation' | 's3'>,
  template: object,
  stack: StackState | undefined,
  launcherBucket: string,
): Promise<{ readonly template: object; readonly importExisting: boolean }> {
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

/**
 * The keys of bundles in the code bucket, which hold the digests of their bytes.
 *
 * @example `coreTemplate({ codeKeys: codeKeysOf(bundles), bclawVersion })` is the template that {@link install} deploys.
 */
export function codeKeysOf(bundles: Bundles): CodeKeys {
  const key = (bundle: keyof Bundles) => `${bundle}/${sha256(bundles[bundle])}.zip`;
  return { launcher: key('launcher'), functions: key('functions'), macro: key('macro') };
}

/** A parameter that is not given keeps its value. */
function parameterValues(
  options: InstallOptions,
  before: StackState | undefined,
  bucket: string,
  keys: CodeKeys,
): Readonly<Record<string, ParameterValue>> {
  const values: Readonly<Record<string, string>> = {
    ...options.parameters,
    CodeBucket: bucket,
    LauncherCodeKey: keys.launcher,
    FunctionsCodeKey: keys.functions,
    MacroCodeKey: keys.macro,
  };
  const declared = Object.entries(declaredParameters(options.template(keys)));
  const kept = before === undefined || isStillborn(before) || isInReview(before) ? {} : before.parameters;
  const missing = declared.filter(([name, { hasDefault }]) => !hasDefault && !(name in values) && !(name in kept));
  if (missing.length > 0) {
    throw new BclawError('missing-value', `The core stack needs ${missing.map(([name]) => name).join(', ')}.`, {
      hint: 'Nothing was changed. Pass --subnets, --security-groups and --runner-image, or -p Name=value.',
    });
  }
  return {
    ...Object.fromEntries(
      declared.filter(([name]) => name in kept && !(name in values)).map(([name]) => [name, 'previous' as const]),
    ),
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
  };
}

/** The parameters of a template. */
function declaredParameters(template: object): Readonly<Record<string, { readonly hasDefault: boolean }>> {
  const parameters: unknown = 'Parameters' in template ? template.Parameters : {};
  return Object.fromEntries(
    Object.entries(Object(parameters)).map(([name, declaration]) => [
      name,
      { hasDefault: typeof declaration === 'object' && declaration !== null && 'Default' in declaration },
    ]),
  );
}

/** Content-addressed, so that a version of a workflow always runs the code that it was deployed with. */
async function uploadBundle(
  clients: Pick<Clients, 's3'>,
  bucket: string,
  bundle: keyof Bundles,
  key: string,
  options: InstallOptions,
): Promise<void> {
  const body = options.bundles[bundle];
  const report = (outcome: 'uploaded' | 'present') => options.onProgress?.({ kind: 'bundle', bundle, key, outcome });
  try {
    await clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    report('present');
  } catch (error) {
    if (!isAwsError(error, 'NotFound', 'NoSuchKey')) throw error;
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    report('uploaded');
  }
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
 * @throws BclawError `bad-core-name`, `not-installed`, `not-a-core-stack`, `stack-busy`, `deletion-failed`
 */
export async function uninstall(
  clients: Pick<Clients, 'cloudFormation'>,
  options: UninstallOptions = {},
): Promise<void> {
  const installation = options.installation ?? defaultInstallation;
  checkCoreName(installation);
  const stack = await readStack(clients, installation);
  if (stack === undefined) {
    throw new BclawError('not-installed', `There is no core stack "${installation}" here.`, {
      hint: 'Check the name, the region and the account.',
    });
  }
  requireOwnStack(stack);
  requireQuiet(stack);
  await deleteStack(clients, stack, given({ onEvent: options.onEvent }));
}
