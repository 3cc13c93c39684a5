import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { defaultInstallation } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { type InstalledCore, readCore } from '../deploy/core.js';
import { listLaunchers } from '../versions/launcher-function.js';
import {
  examineBucket,
  examineCore,
  examineFunctions,
  examineMacro,
  examineRunnerImage,
  readCoreResources,
} from './core-stack.js';
import { examine, type Finding, ok } from './finding.js';
import { examineQueues } from './queues.js';
import { examineQuotas } from './quotas.js';
import { examineDeadLetters, examineLaunches, examineWorkflows } from './workflows.js';

export interface DiagnoseOptions {
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  /** Version of the program that asks. */
  readonly bclawVersion: string;
  /** Called with the findings about each part as they come. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
}

/**
 * Examines an installation and changes nothing: credentials, region, quotas, the core stack with its bucket, macro,
 * functions, queues and runner image, workflows that can't run jobs, launches that wait and dead letters.
 *
 * Parts that can't be examined without credentials or a core stack are left out. Makes some 20 calls, three and two for
 * each of its newest five versions for every workflow, and one for every 1,000 state machines.
 *
 * @returns one or more findings for each part, those that are in order among them
 *
 * @example
 * ```ts
 * const findings = await diagnose(createClients(), { bclawVersion: '1.0.0' });
 * for (const { status, message, hint } of findings) if (status !== 'ok') console.error(status, message, hint);
 * ```
 */
export async function diagnose(clients: Clients, options: DiagnoseOptions): Promise<Finding[]> {
  const all: Finding[] = [];
  /** @returns false when something in this part does not work */
  const look = async (...[part, outcomes]: Parameters<typeof examine>): Promise<boolean> => {
    const findings = await examine(part, outcomes);
    all.push(...findings);
    options.onFindings?.(findings);
    return findings.every(({ status }) => status !== 'error');
  };

  if (!(await look('region', async () => [ok(`The region is ${await clients.sts.config.region()}.`)]))) return all;
  const hasCredentials = await look('credentials', async () => {
    const { Arn: arn, Account: account } = await clients.sts.send(new GetCallerIdentityCommand({}));
    return [
      ok(`The credentials are those of ${arn ?? 'somebody'}, in the account ${account ?? 'that AWS does not name'}.`),
    ];
  });
  if (!hasCredentials) return all;
  await look('quotas', () => examineQuotas(clients));
  let core: InstalledCore | undefined;
  await look('core', async () => {
    core = await readCore(clients, options.installation ?? defaultInstallation);
    return examineCore(core, options.bclawVersion);
  });
  if (core === undefined) return all;
  const installed = core;
  await look('bucket', () => examineBucket(clients, installed));
  await look('macro', async () => examineMacro(installed, await readCoreResources(clients, installed)));
  await look('functions', async () =>
    examineFunctions(clients, installed, await readCoreResources(clients, installed)),
  );
  await look('queues', () => examineQueues(clients, installed));
  await look('runner image', () => examineRunnerImage(clients, installed));
  await look('workflows', async () => examineWorkflows(clients, await listLaunchers(clients)));
  await look('launches', async () => examineLaunches(clients, await listLaunchers(clients)));
  await look('dead letters', () => examineDeadLetters(clients, installed));
  return all;
}
