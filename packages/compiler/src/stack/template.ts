import type { Workflow } from '@bclaw/spec';
import type { Template } from '../cloudformation.js';
import type { Upload } from '../jobs/upload.js';
import { jobDefinitions } from './job-definitions.js';
import { launcherResources } from './launcher.js';
import { outputs } from './outputs.js';
import type { StackPlan } from './plan.js';
import { stateMachine, stateMachineId, stateMachineVersion, stateMachineVersionId } from './state-machine.js';
import { trafficResources } from './traffic.js';
import { launcherVersion, launcherVersionId } from './version.js';

/** The stack of a workflow: one flat template, no nested stacks, no custom resources. */
export function stackTemplate(
  workflow: Workflow,
  plan: StackPlan,
): { readonly template: Template; readonly uploads: readonly Upload[] } {
  const machine = stateMachine(plan);
  const hasParameters = Object.keys(workflow.parameters).length > 0;
  return {
    uploads: [...plan.behaviour.uploads, ...(machine.upload === undefined ? [] : [machine.upload])],
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: workflow.description ?? `A workflow, compiled by bclaw ${plan.deployment.bclawVersion}`,
      ...(hasParameters ? { Parameters: workflow.parameters } : {}),
      Resources: {
        ...launcherResources(plan),
        ...(plan.versioned ? { [launcherVersionId(plan)]: launcherVersion(plan) } : {}),
        ...jobDefinitions(plan),
        [stateMachineId(plan)]: machine.resource,
        ...(plan.versioned ? { [stateMachineVersionId(plan)]: stateMachineVersion(plan) } : {}),
        ...trafficResources(plan),
      },
      Outputs: outputs(plan),
    },
  };
}
