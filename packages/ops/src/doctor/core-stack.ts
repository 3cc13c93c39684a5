import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetBucketNotificationConfigurationCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { isPinnedImage } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { bucketExists } from '../aws/objects.js';
import { isBusy } from '../aws/stack.js';
import type { InstalledCore } from '../deploy/core.js';
import { error, type Outcome, ok, warning } from './finding.js';

const installAgain = (core: InstalledCore): string =>
  `Run \`bclaw install --core ${core.stack.name}\`, which puts it right.`;

/** @param bclawVersion of the program that examines */
export function examineCore(core: InstalledCore, bclawVersion: string): Outcome[] {
  const { name, status, statusReason } = core.stack;
  return [stackOutcome(), versionOutcome()];

  function stackOutcome(): Outcome {
    if (isBusy(core.stack))
      return warning(`The core stack "${name}" is being changed just now (${status}).`, 'Wait until that is done.');
    if (status === 'UPDATE_ROLLBACK_FAILED')
      return error(
        `CloudFormation could not undo the last change of the core stack "${name}": ${statusReason ?? status}.`,
        `Run \`aws cloudformation continue-update-rollback --stack-name ${name}\`, then \`bclaw install --core ${name}\`.`,
      );
    if (status === 'UPDATE_ROLLBACK_COMPLETE')
      return warning(`The last update of the core stack "${name}" failed and was undone.`, installAgain(core));
    return ok(`The core stack "${name}" is ${status}.`);
  }

  function versionOutcome(): Outcome {
    const older = compareVersions(core.bclawVersion, bclawVersion);
    if (older === 0) return ok(`It is of bclaw ${core.bclawVersion}, as this command.`);
    const versions = `It is of bclaw ${core.bclawVersion}, and this command of ${bclawVersion}.`;
    return older < 0
      ? warning(versions, `Run \`bclaw install --core ${name}\` to bring it up to date.`)
      : warning(versions, 'Update this command: what it deploys is compiled by the newer core.');
  }
}

/** Compares `1.10.0` with `1.9.2`; a pre-release counts as its release. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string): number[] => (version.split('-')[0] ?? '').split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** The launcher bucket: job files are events of it, told apart by their S3 versions. */
export async function examineBucket(clients: Pick<Clients, 's3'>, core: InstalledCore): Promise<Outcome[]> {
  const { launcherBucket: Bucket } = core.environment;
  if (!(await bucketExists(clients, Bucket)))
    return [
      error(
        `The launcher bucket ${Bucket} is gone, and with it the job files.`,
        `Create it again, with this name, then run \`bclaw install --core ${core.stack.name}\`.`,
      ),
    ];
  const [versioning, notification] = await Promise.all([
    clients.s3.send(new GetBucketVersioningCommand({ Bucket })),
    clients.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
  ]);
  return [
    versioning.Status === 'Enabled'
      ? ok(`The launcher bucket ${Bucket} keeps the versions of job files.`)
      : error(
          `The launcher bucket ${Bucket} does not keep the versions of its objects, so two uploads of a job file look like one.`,
          `Run \`aws s3api put-bucket-versioning --bucket ${Bucket} --versioning-configuration Status=Enabled\`.`,
        ),
    notification.EventBridgeConfiguration === undefined
      ? error(
          `The launcher bucket ${Bucket} does not tell EventBridge of uploads, so no job file starts a job.`,
          'Switch "Amazon EventBridge" on in the properties of the bucket.',
        )
      : ok('It tells EventBridge of uploads.'),
  ];
}

/** A resource of the core stack. */
interface CoreResource {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  readonly status: string;
}

export async function readCoreResources(
  clients: Pick<Clients, 'cloudFormation'>,
  core: InstalledCore,
): Promise<CoreResource[]> {
  const { StackResources = [] } = await clients.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: core.stack.name }),
  );
  return StackResources.map((resource) => ({
    logicalId: resource.LogicalResourceId ?? '',
    type: resource.ResourceType ?? '',
    name: resource.PhysicalResourceId ?? '',
    status: resource.ResourceStatus ?? '',
  }));
}

export function examineMacro(core: InstalledCore, resources: readonly CoreResource[]): Outcome[] {
  const macro = resources.find(({ type }) => type === 'AWS::CloudFormation::Macro');
  if (macro === undefined || !/^(CREATE|UPDATE)_COMPLETE$/.test(macro.status))
    return [error(`The macro ${core.macroName} is ${macro?.status ?? 'gone'}.`, installAgain(core))];
  return [ok(`Templates write \`Transform: ${core.macroName}\`.`)];
}

/** The macro's function and those between jobs. */
export async function examineFunctions(
  clients: Pick<Clients, 'lambda'>,
  core: InstalledCore,
  resources: readonly CoreResource[],
): Promise<Outcome[]> {
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const troubles = await inParallel(functions, async ({ name }) => {
    try {
      const { State = 'Active', StateReason } = await clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      );
      // Lambda puts a function to sleep that nobody calls for weeks; the next call wakes it.
      if (State === 'Active' || State === 'Inactive') return [];
      return [
        error(`The function ${name} is ${State}: ${StateReason ?? 'Lambda gives no reason'}.`, installAgain(core)),
      ];
    } catch (thrown) {
      if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
      return [
        error(
          `The function ${name} is gone.`,
          `CloudFormation does not see that: delete the core stack with \`bclaw uninstall --core ${core.stack.name}\` and install it again; the buckets and the deployed workflows stay.`,
        ),
      ];
    }
  });
  const found = troubles.flat();
  return found.length > 0 ? found : [ok(`The ${functions.length} functions of the core are there.`)];
}

/** Asks the registry of the runner's image whether it has it. */
export async function examineRunnerImage(clients: Pick<Clients, 'images'>, core: InstalledCore): Promise<Outcome[]> {
  const { runnerImage, accountId, region } = core.environment;
  if (runnerImage.includes('@')) return [ok(`${runnerImage} is named by its digest.`)];
  const mutable = isPinnedImage(runnerImage)
    ? []
    : [
        warning(
          `The tag of ${runnerImage} may come to name another image.`,
          'Install with a runner image by digest or by a tag that is never used again.',
        ),
      ];
  try {
    const digest = await clients.images.digestOf({ name: runnerImage }, { accountId, region });
    return [ok(`${runnerImage} is ${digest.slice(0, 19)}… at its registry.`), ...mutable];
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const isMissing = 'problem' in thrown && (thrown.problem === 'not-found' || thrown.problem === 'denied');
    const message = `${runnerImage} ${thrown.message}.`.replace(/\.\.$/, '.');
    const hint = 'Every job needs it. Push it there, or install with --runner-image.';
    return [
      isMissing
        ? error(message, hint)
        : warning(message, 'Only the hosts of jobs must reach it: from here, its registry did not answer.'),
      ...mutable,
    ];
  }
}
