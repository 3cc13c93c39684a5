import type { Sha256 } from '../canonical.js';
import { getAtt, type Resource, ref, type Sub, sub } from '../cloudformation.js';
import { versionDescription } from '../names.js';
import { launcherId } from './launcher.js';
import type { StackPlan } from './plan.js';

/**
 * The logical id of a resource of which every version of a workflow has one of its own: `<name><8 hex of the deployment's id>`,
 * and the name alone in an unversioned workflow.
 *
 * A new version is thus created beside the old one, which leaves the template and is retained; it replaces nothing. That
 * matters when an update fails: CloudFormation deletes what an update has created, by `RetainExceptOnCreate`, but its pages
 * do not say what becomes of a replacement whose `UpdateReplacePolicy` is `Retain`, and it is said to stay. Lambda, for its
 * part, never publishes a second version from one resource.
 */
export const idOfVersion = ({ idSuffix }: Pick<StackPlan, 'idSuffix'>, name: string): string => `${name}${idSuffix}`;

export const idSuffixOf = (deploymentId: string, sha256: Sha256): string => sha256(deploymentId).slice(0, 8);

/** What becomes of such a resource: it stays for the jobs of its version, unless the deployment that made it fails. */
export const retained = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' } as const;

export const launcherVersionId = (plan: StackPlan): string => idOfVersion(plan, 'LauncherVersion');

export function launcherVersion(plan: StackPlan): Resource {
  return {
    Type: 'AWS::Lambda::Version',
    ...retained,
    Properties: {
      FunctionName: ref(launcherId),
      Description: versionDescription({ digest: plan.digest, bclawVersion: plan.deployment.bclawVersion }),
    },
  };
}

/** The number N that Lambda gave to this deployment's version. */
export const versionNumber = (plan: StackPlan) => getAtt(launcherVersionId(plan), 'Version');

/** A physical name, made by CloudFormation: only CloudFormation knows the stack's name and the version. */
export function physicalName(plan: StackPlan, nameOf: (workflow: string, version?: string) => string): Sub {
  const workflow = '${AWS::StackName}';
  return plan.versioned ? sub(nameOf(workflow, '${Version}'), { Version: versionNumber(plan) }) : sub(nameOf(workflow));
}
