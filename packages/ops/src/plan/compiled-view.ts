import type { CompileResult, CoreEnvironment, JobDefinition, Resource, StateMachine, Template } from '@bclaw/compiler';
import { BclawError, formatS3Uri } from '@bclaw/spec';
import { compiledJob, type JobFacts, type ReadObject } from './job-fields.js';
import { joinView } from './join-view.js';
import { parseDefinition } from './state-steps.js';
import type { WorkflowView } from './workflow-view.js';

type Compiled = Extract<CompileResult, { ok: true }>;

/** The result of compiling a template, in a form that can be compared with the deployed state. */
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
  for (const [placeholder, resource] of jobDefinitions(compiled.template)) {
    const job = await compiledJob(resource, readObject);
    if (job !== undefined) jobs.set(`\${${placeholder}}`, job);
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

/** Each job definition under the name by which the state machine's definition refers to it. */
function* jobDefinitions({ Resources }: Template): Generator<readonly [placeholder: string, JobDefinition]> {
  const machine = Object.values(Resources).find(isStateMachine);
  for (const [placeholder, text] of Object.entries(machine?.Properties?.DefinitionSubstitutions ?? {})) {
    const resource = typeof text === 'object' && 'Ref' in text ? Resources[text.Ref] : undefined;
    if (resource !== undefined && isJobDefinition(resource)) yield [placeholder, resource];
  }
}

const isStateMachine = (resource: Resource): resource is StateMachine =>
  resource.Type === 'AWS::StepFunctions::StateMachine';

const isJobDefinition = (resource: Resource): resource is JobDefinition =>
  resource.Type === 'AWS::Batch::JobDefinition';
