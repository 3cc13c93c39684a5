import type { Sha256 } from '../canonical.js';
import { getAtt, type Resource, ref, type Sub, sub } from '../cloudformation.js';
import { versionDescription } from '../names.js';
import { launcherId } from './launcher.js';
import type { StackPlan } from './plan.js';

/**
 * The logical id of a resource that every version of a workflow has for itself: `<name><8 hex of the deployment's id>`,
 * and the name alone in an unversioned workflow.
 *
 * A new version is thus created beside the old one, which leaves the template and is retained; it replaces nothing.
 * That matters when an update fails: CloudFormation deletes resources that the update has created, because of
 * `RetainExceptOnCreate`, but its documentation does not say what happens to a replacement whose `UpdateReplacePolicy`
 * is `Retain`; such a replacement is reported to stay. Lambda never publishes a second version from one resource.
 */
export const idOfVersion = ({ idSuffix }: Pick<StackPlan, 'idSuffix'>, name: string): string => `${name}${idSuffix}`;

export const idSuffixOf = (deploymentId: string, sha256: Sha256): string => sha256(deploymentId).slice(0, 8);

/** Policies of such a resource: it stays for the jobs of its version, unless the deployment that created it fails. */
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

/** The version number that Lambda assigns in this deployment. */
export const versionNumber = (plan: StackPlan) => getAtt(launcherVersionId(plan), 'Version');

/** A physical name, built by CloudFormation: only CloudFormation knows the stack's name and the version. */
export function physicalName(plan: StackPlan, nameOf: (workflow: string, version?: string) => string): Sub {
  const workflow = '${AWS::StackName}';
  return plan.versioned ? sub(nameOf(workflow, '${Version}'), { Version: versionNumber(plan) }) : sub(nameOf(workflow));
}
