import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  paginateListFunctions,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import { parseVersionDescription } from '@bclaw/compiler';
import { BclawError } from '@bclaw/spec';
import { launcherFunctionName, launcherVariables } from '@bclaw/spec/contract';
import { type ArnScope, arnScope } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';

/** The launcher function of a workflow, which identifies the workflow in AWS. */
export interface Launcher {
  readonly workflow: string;
  readonly functionName: string;
  readonly scope: ArnScope;
  readonly versioned: boolean;
  /** Digest of the definition that was deployed last. */
  readonly digest: string | undefined;
  /** SHA-256 (hexadecimal) of the code that was deployed last. */
  readonly codeDigest?: string;
  /** True when job files come through the launch queue. */
  readonly hasQueue: boolean;
}

/** A published version of the launcher. */
export interface LauncherVersion {
  readonly version: number;
  readonly deployedAt: Date;
  /** Digest of the definition that it was deployed from. */
  readonly digest?: string;
  /** Version of bclaw that compiled it. */
  readonly bclawVersion?: string;
  /** SHA-256 (hexadecimal) of its code. */
  readonly codeDigest?: string;
}

/** False for a name that Lambda rejects instead of answering that there is no such function. */
export const isFunctionName = (name: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(name);

/** The launcher of a workflow, or `undefined` when the workflow is not deployed. */
export async function findLauncher(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Launcher | undefined> {
  const functionName = launcherFunctionName(workflow);
  if (!isFunctionName(functionName)) return undefined;
  try {
    return launcherOf(
      workflow,
      await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
    );
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function launcherOf(workflow: string, configuration: FunctionConfiguration): Launcher | undefined {
  if (configuration.FunctionArn === undefined) return undefined;
  const variables = configuration.Environment?.Variables;
  return {
    workflow,
    functionName: launcherFunctionName(workflow),
    scope: arnScope(configuration.FunctionArn),
    versioned: variables?.[launcherVariables.versioned] === 'true',
    digest: variables?.[launcherVariables.digest],
    ...codeDigest(configuration),
    hasQueue: variables?.[launcherVariables.deadLetterQueue] !== undefined,
  };
}

/** The launchers of all workflows in the account and region, by name. */
export async function listLaunchers(clients: Pick<Clients, 'lambda'>): Promise<Launcher[]> {
  const launchers: Launcher[] = [];
  for await (const page of paginateListFunctions({ client: clients.lambda }, {})) {
    for (const configuration of page.Functions ?? []) {
      const variables = configuration.Environment?.Variables ?? {};
      const workflow = variables[launcherVariables.workflow];
      // Another function may have a variable of that name.
      if (workflow === undefined || variables[launcherVariables.versioned] === undefined) continue;
      if (configuration.FunctionName !== launcherFunctionName(workflow)) continue;
      const launcher = launcherOf(workflow, configuration);
      if (launcher !== undefined) launchers.push(launcher);
    }
  }
  return launchers.sort((a, b) => (a.workflow < b.workflow ? -1 : 1));
}

/** @throws BclawError `no-such-workflow` */
export async function requireLauncher(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Launcher> {
  const launcher = await findLauncher(clients, workflow);
  if (launcher !== undefined) return launcher;
  throw new BclawError('no-such-workflow', `There is no workflow "${workflow}" here.`, {
    hint: `Check the name, the region and the account, or deploy it: \`bclaw deploy <template> --name ${workflow}\`.`,
  });
}

/** @throws BclawError `no-such-workflow`, `not-versioned` */
export async function requireVersionedLauncher(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Launcher> {
  const launcher = await requireLauncher(clients, workflow);
  if (launcher.versioned) return launcher;
  throw new BclawError(
    'not-versioned',
    `The workflow "${workflow}" is not versioned, so it has only the one version.`,
    {
      hint: 'Deploy it under another name with `versioned: true` in Options to have versions.',
    },
  );
}

/** All published versions, oldest first. */
export async function listLauncherVersions(
  clients: Pick<Clients, 'lambda'>,
  launcher: Launcher,
): Promise<LauncherVersion[]> {
  const versions: LauncherVersion[] = [];
  const pages = paginateListVersionsByFunction({ client: clients.lambda }, { FunctionName: launcher.functionName });
  for await (const page of pages) {
    for (const configuration of page.Versions ?? []) {
      const version = parseVersion(configuration);
      if (version !== undefined) versions.push(version);
    }
  }
  return versions.sort((a, b) => a.version - b.version);
}

/**
 * When a version of the launcher was published, or its current code was deployed.
 *
 * @param version default: the current code, which is all that an unversioned workflow has
 */
export async function readDeploymentTime(
  clients: Pick<Clients, 'lambda'>,
  launcher: Launcher,
  version?: number,
): Promise<Date | undefined> {
  try {
    const { LastModified } = await clients.lambda.send(
      new GetFunctionConfigurationCommand({
        FunctionName: launcher.functionName,
        ...(version === undefined ? {} : { Qualifier: String(version) }),
      }),
    );
    return LastModified === undefined ? undefined : new Date(LastModified);
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function parseVersion(configuration: FunctionConfiguration): LauncherVersion | undefined {
  const version = Number(configuration.Version);
  if (!Number.isInteger(version)) return undefined; // $LATEST
  return {
    version,
    deployedAt: new Date(configuration.LastModified ?? 0),
    ...parseVersionDescription(configuration.Description ?? ''),
    ...codeDigest(configuration),
  };
}

/** Lambda returns it in base64, unlike other services. */
function codeDigest({ CodeSha256 }: FunctionConfiguration): { readonly codeDigest?: string } {
  return CodeSha256 === undefined ? {} : { codeDigest: Buffer.from(CodeSha256, 'base64').toString('hex') };
}
