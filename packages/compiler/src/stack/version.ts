import { sha256Hex } from '../canonical.js';
import { getAtt, type Resource, ref, type Sub, sub } from '../cloudformation.js';
import { versionDescription } from '../names.js';
import type { Deployment } from '../tags.js';
import { launcherId } from './launcher.js';
import type { StackPlan } from './plan.js';

/**
 * The logical id of a deployment's version of the launcher function. Each deployment has a resource of its own, for
 * CloudFormation never publishes a second version from one resource; the one of the deployment before leaves the template
 * and is retained.
 */
export const versionIdOf = (deployment: Deployment): string => `LauncherVersion${sha256Hex(deployment.id).slice(0, 8)}`;

export function launcherVersion(plan: StackPlan): Resource {
  return {
    Type: 'AWS::Lambda::Version',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      FunctionName: ref(launcherId),
      Description: versionDescription({ digest: plan.digest, bclawVersion: plan.deployment.bclawVersion }),
    },
  };
}

/** The number N that Lambda gave to this deployment's version. */
export const versionNumber = (plan: StackPlan) => getAtt(plan.versionId, 'Version');

/** A physical name: `<workflow><suffix>`, with `--N` when the workflow is versioned. */
export function physicalName(plan: StackPlan, suffix: string): Sub {
  const base = `\${AWS::StackName}${suffix}`;
  return plan.versioned ? sub(`${base}--\${Version}`, { Version: versionNumber(plan) }) : sub(base);
}
