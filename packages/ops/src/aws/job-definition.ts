import {
  DescribeJobDefinitionsCommand,
  paginateDescribeJobDefinitions,
  type JobDefinition as SdkJobDefinition,
} from '@aws-sdk/client-batch';
import { jobVariables } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from './clients.js';

/** A Batch job definition of a workflow's step. */
export interface JobDefinition {
  readonly arn: string;
  readonly active: boolean;
  readonly workflow?: string;
  /** The workflow's version that it belongs to; absent in an unversioned workflow. */
  readonly version?: number;
  readonly step?: string;
  /** The user's image, not the runner's; absent when the step is stored elsewhere. */
  readonly image?: string;
  /** Its `step` parameter, when it does not contain the step itself. */
  readonly stepText?: string;
}

/** AWS Batch, `DescribeJobDefinitions`: at most 100 names in one request. */
const batchSize = 100;

/** The job definitions with these ARNs that AWS Batch still has. */
export async function readJobDefinitions(
  clients: Pick<Clients, 'batch'>,
  arns: readonly string[],
): Promise<Map<string, JobDefinition>> {
  const definitions = (await describeJobDefinitions(clients, arns)).map(fromSdk);
  return new Map(definitions.map((definition) => [definition.arn, definition]));
}

/** Like {@link readJobDefinitions}, in the form that AWS Batch returns. */
export async function describeJobDefinitions(
  clients: Pick<Clients, 'batch'>,
  arns: readonly string[],
): Promise<SdkJobDefinition[]> {
  const found: SdkJobDefinition[] = [];
  for (let start = 0; start < arns.length; start += batchSize) {
    const { jobDefinitions } = await clients.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitions: arns.slice(start, start + batchSize) }),
    );
    found.push(...(jobDefinitions ?? []));
  }
  return found;
}

/** All active job definitions of a workflow, of any version. */
export async function listJobDefinitions(clients: Pick<Clients, 'batch'>, workflow: string): Promise<JobDefinition[]> {
  const found: JobDefinition[] = [];
  const pages = paginateDescribeJobDefinitions({ client: clients.batch, pageSize: 100 }, { status: 'ACTIVE' });
  for await (const page of pages) {
    for (const sdk of page.jobDefinitions ?? []) {
      const definition = fromSdk(sdk);
      if (definition.workflow === workflow) found.push(definition);
    }
  }
  return found;
}

/** The compiler writes workflow, version and step into the environment: the name alone may be truncated. */
function fromSdk(sdk: SdkJobDefinition): JobDefinition {
  const environment = new Map(sdk.containerProperties?.environment?.map(({ name, value }) => [name, value]));
  const workflow = environment.get(jobVariables.workflowName);
  const version = Number(environment.get(jobVariables.workflowVersion));
  const step = environment.get(jobVariables.stepName);
  const image = userImage(sdk.parameters?.['step']);
  return {
    arn: sdk.jobDefinitionArn ?? '',
    active: sdk.status === 'ACTIVE',
    ...given({ workflow }),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    ...given({ step }),
    ...(image === undefined ? { stepText: sdk.parameters?.['step'] ?? '' } : { image }),
  };
}

/** The image in a job definition's `step` parameter (`JobStep` in @bclaw/spec). */
function userImage(parameter: string | undefined): string | undefined {
  if (parameter === undefined) return undefined;
  try {
    const step: unknown = JSON.parse(parameter);
    if (typeof step !== 'object' || step === null || !('image' in step)) return undefined;
    return typeof step.image === 'string' ? step.image : undefined;
  } catch {
    return undefined; // a foreign job definition with a parameter of that name
  }
}
