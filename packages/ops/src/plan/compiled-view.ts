import type { CompileResult, CoreEnvironment, JobDefinition, Resource } from '@bclaw/compiler';
import { BclawError, formatS3Uri } from '@bclaw/spec';
import { compiledJob, type JobFacts, type ReadObject } from './job-fields.js';
import { joinView } from './join-view.js';
import { parseDefinition } from './state-steps.js';
import type { WorkflowView } from './workflow-view.js';

type Compiled = Extract<CompileResult, { ok: true }>;

/** What a template compiles to, in the form in which it can be compared with what is deployed. */
export async function compiledView(workflow: string, compiled: Compiled, core: CoreEnvironment): Promise<WorkflowView> {
  const uploads = new Map<string, string>(
    compiled.uploads.map(({ bucket, key, body }) => [formatS3Uri({ bucket, key }), body]),
  );
  const readObject: ReadObject = async (uri) => {
    const body = uploads.get(uri);
    if (body !== undefined) return body;
    throw new BclawError('unexpected', `The compiled template refers to ${uri}, which it does not upload.`);
  };
  const jobs = new Map<string, JobFacts>();
  for (const [logicalId, resource] of Object.entries(compiled.template.Resources)) {
    const job = isJobDefinition(resource) ? await compiledJob(resource, readObject) : undefined;
    if (job !== undefined) jobs.set(`\${${logicalId}}`, job);
  }
  const definition = JSON.stringify(compiled.definition).replaceAll('${WorkflowName}', workflow);
  return await joinView(
    parseDefinition(definition),
    { jobs, readObject },
    {
      'launcher code': core.launcherCode.key
        .split('/')
        .at(-1)
        ?.replace(/\.zip$/, ''),
      'role of the state machine': core.statesRoleArn,
    },
  );
}

const isJobDefinition = (resource: Resource): resource is JobDefinition =>
  resource.Type === 'AWS::Batch::JobDefinition';
