import type { Output, Template } from '@bclaw/compiler';
import { conditionDefinitions } from './conditions.js';
import { coreEnvironmentJson, coreValues } from './environment.js';
import { stateFunctions } from './functions.js';
import { jobHostResources } from './job-hosts.js';
import { jobQueueResources } from './job-queues.js';
import { jobRoleResources } from './job-roles.js';
import { launcherBucketResources } from './launcher-bucket.js';
import { macroName, macroResources } from './macro-function.js';
import { notificationResources, notificationsTopicArn } from './notifications.js';
import { type CodeKeys, parameters } from './parameters.js';
import { stateMachineResources } from './state-machines.js';

export interface CoreTemplateOptions {
  readonly codeKeys: CodeKeys;
  /** The bclaw version of the installer. */
  readonly bclawVersion: string;
}

/**
 * The core stack: the resources that all workflows of an installation share. Pure data; equal options give equal
 * templates.
 *
 * It needs the capability `CAPABILITY_IAM`, and values for the parameters `CodeBucket`, `RunnerImage`, `SubnetIds` and
 * `SecurityGroupIds`.
 *
 * @example
 * ```ts
 * const template = coreTemplate({
 *   codeKeys: { launcher: 'launcher/1f….zip', functions: 'functions/9a….zip', macro: 'macro/07….zip' },
 *   bclawVersion: '1.0.0',
 * });
 * ```
 */
export function coreTemplate(options: CoreTemplateOptions): Template {
  const functions = stateFunctions(options.codeKeys.functions);
  const values = coreValues(functions);
  const output = (Description: string, Value: Output['Value']): Output => ({ Description, Value });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The core of a bclaw installation, version ${options.bclawVersion}`,
    Parameters: parameters(options.codeKeys),
    Conditions: conditionDefinitions,
    Resources: {
      ...launcherBucketResources,
      ...notificationResources,
      ...jobRoleResources,
      ...jobHostResources,
      ...jobQueueResources,
      ...functions.resources,
      ...stateMachineResources,
      ...macroResources(coreEnvironmentJson(values), options.bclawVersion),
    },
    Outputs: {
      ...Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, output('Used by compiled workflows', value)]),
      ),
      NotificationsTopicArn: output('Topic for notifications of how executions end', notificationsTopicArn),
      MacroName: output('What templates write after Transform', macroName),
      BclawVersion: output('Version of bclaw that installed this', options.bclawVersion),
    },
  };
}
