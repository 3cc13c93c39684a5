import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { coreTemplate } from '@bclaw/macro';
import type { Ministack } from './ministack.js';
import { missingTypes } from './missing-types.js';
import { withoutTypes } from './without-types.js';

export const account = '123456789012';
export const launcherBucket = `bayerclaw2-launcher-${account}`;

const require = createRequire(import.meta.url);

/**
 * Installs the core stack, except for resources that the emulator lacks, with the AWS CLI: launcher bucket, functions
 * with published versions, roles, topic and queue are as on AWS.
 */
export async function install(ministack: Ministack): Promise<void> {
  await ministack.aws('s3', 'mb', 's3://code');
  for (const bundle of ['launcher', 'functions', 'macro']) {
    const zip = require.resolve(`@bclaw/${bundle}/lambda.zip`);
    await ministack.aws('s3', 'cp', zip, `s3://code/${bundle}/1.zip`);
  }
  const codeKeys = { launcher: 'launcher/1.zip', functions: 'functions/1.zip', macro: 'macro/1.zip' };
  const template = withoutTypes(coreTemplate({ codeKeys, bclawVersion: '0.0.0' }), missingTypes, (id) =>
    id.endsWith('Queue') ? `arn:aws:batch:us-east-1:${account}:job-queue/${id}` : id,
  );
  await writeFile(join(ministack.folder, 'core.json'), JSON.stringify(template));
  await ministack.aws(
    ...'cloudformation deploy --stack-name bayerclaw2 --template-file core.json --capabilities CAPABILITY_IAM'.split(
      ' ',
    ),
    ...'--parameter-overrides CodeBucket=code RunnerImage=bclaw-runner:1 SubnetIds=subnet-1 SecurityGroupIds=sg-1'.split(
      ' ',
    ),
  );
}

/**
 * Compiles a workflow for that core with `bclaw compile` and deploys the result with the AWS CLI, except for resources
 * that the emulator lacks.
 */
export async function deployCompiled(
  ministack: Ministack,
  workflow: { readonly name: string; readonly template: string; readonly release: string },
): Promise<void> {
  const { name, template, release } = workflow;
  await writeFile(join(ministack.folder, 'workflow.yaml'), template);
  const compiled = await ministack.bclaw(
    ...['compile', 'workflow.yaml', '--core', 'bayerclaw2'],
    ...['-p', `Release=${release}`, '--deployment-id', `${name}-${release}`],
  );
  const stack = withoutTypes(JSON.parse(compiled), missingTypes, (_id, resource) => physicalName(resource));
  await writeFile(join(ministack.folder, 'stack.json'), JSON.stringify(stack));
  await ministack.aws(
    ...`cloudformation deploy --stack-name ${name} --template-file stack.json`.split(' '),
    ...`--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM --parameter-overrides Release=${release}`.split(' '),
  );
  // Replaces AWS::StepFunctions::StateMachineVersion, which the emulator lacks: the launcher starts versions.
  const outputs = `Stacks[0].Outputs[?OutputKey=='StateMachineArn'].OutputValue`;
  const [machine = ''] = (await ministack.json(
    ...`cloudformation describe-stacks --stack-name ${name} --query ${outputs}`.split(' '),
  )) as string[];
  if (/--\d+$/.test(machine))
    await ministack.aws('stepfunctions', 'publish-state-machine-version', '--state-machine-arn', machine);
}

/** States name a job definition, so one that is registered by hand needs the name that the stack would use. */
function physicalName(resource: unknown): unknown {
  const { Properties } = resource as { readonly Properties?: { readonly JobDefinitionName?: unknown } };
  return Properties?.JobDefinitionName ?? 'left-out';
}
