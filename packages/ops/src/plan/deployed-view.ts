import { BclawError } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { describeJobDefinitions } from '../aws/job-definition.js';
import { readText, requireS3Uri } from '../aws/objects.js';
import type { StateMachine } from '../aws/state-machine.js';
import { deployedJob, type JobFacts, type ReadObject } from './job-fields.js';
import { joinView } from './join-view.js';
import { parseDefinition } from './state-steps.js';
import type { WorkflowView } from './workflow-view.js';

/**
 * The deployed state, read from AWS itself: the state machine and the job definitions that it submits.
 *
 * @param launcherCode SHA-256 (hexadecimal) of the code of the launcher's version
 */
export async function deployedView(
  clients: Pick<Clients, 'batch' | 's3'>,
  machine: StateMachine,
  launcherCode: string | undefined,
): Promise<WorkflowView> {
  const jobs = new Map<string, JobFacts>();
  const readObject: ReadObject = async (uri) => {
    const text = await readText(clients, requireS3Uri(uri));
    if (text !== undefined) return text;
    throw new BclawError('damaged-version', `The live version keeps a step in ${uri}, which is gone.`, {
      hint: 'Deploy the template again.',
    });
  };
  for (const sdk of await describeJobDefinitions(clients, machine.jobDefinitionArns)) {
    const job = await deployedJob(sdk, readObject);
    if (job !== undefined && sdk.jobDefinitionArn !== undefined) jobs.set(sdk.jobDefinitionArn, job);
  }
  return await joinView(
    parseDefinition(machine.definition),
    { jobs, readObject },
    {
      'launcher code': launcherCode,
      'role of the state machine': machine.roleArn,
    },
  );
}
