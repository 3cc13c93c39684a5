import { BclawError } from '@bclaw/spec';
import type { Clients } from '../clients.js';
import { describeJobDefinitions } from '../job-definition.js';
import { readText, requireS3Uri } from '../objects.js';
import type { StateMachine } from '../state-machine.js';
import { deployedJob, type JobFacts } from './job-fields.js';
import { joinView } from './join-view.js';
import { parseDefinition } from './state-steps.js';
import type { WorkflowView } from './workflow-view.js';

/**
 * What is deployed, read from AWS itself: the state machine and the job definitions that it submits.
 *
 * @param launcherCode SHA-256 (hexadecimal) of the code of the launcher's version
 */
export async function deployedView(
  clients: Pick<Clients, 'batch' | 's3'>,
  machine: StateMachine,
  launcherCode: string | undefined,
): Promise<WorkflowView> {
  const jobs = new Map<string, JobFacts>();
  for (const sdk of await describeJobDefinitions(clients, machine.jobDefinitionArns)) {
    const job = await deployedJob(sdk, async (uri) => {
      const text = await readText(clients, requireS3Uri(uri));
      if (text !== undefined) return text;
      throw new BclawError(
        'damaged-version',
        `The job definition ${sdk.jobDefinitionArn} refers to ${uri}, which is gone.`,
        {
          remedy: 'Deploy the template again.',
        },
      );
    });
    if (job !== undefined) jobs.set(job.step, job.facts);
  }
  return joinView(parseDefinition(machine.definition), jobs, {
    'launcher code': launcherCode,
    'role of the state machine': machine.roleArn,
  });
}
