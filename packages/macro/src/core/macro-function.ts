import { getAtt, type Intrinsic, type Resource, ref, type Sub, sub } from '@bclaw/compiler';
import { definitionsFolder, registryTag } from '@bclaw/spec/contract';
import { functionId, lambdaFunction } from './lambda-function.js';
import { launcherObjects } from './launcher-bucket.js';

const id = 'Macro';
const macroId = 'CompilerMacro';

/** The macro's name, which is its main identifier. */
export const macroName: Intrinsic = ref(macroId);

/**
 * The macro and its function. It uses no version of the function: a deployment must be compiled for the current core
 * stack, and its result is stored in the workflow's stack, so older versions are never called.
 */
export function macroResources(coreJson: Sub, bclawVersion: string): Readonly<Record<string, Resource>> {
  return {
    ...lambdaFunction({
      id,
      nameSuffix: '-compiler',
      description: 'CloudFormation macro: compiles workflow templates',
      codeKeyParameter: 'MacroCodeKey',
      handler: 'index.handler',
      memoryMiB: 1024,
      timeoutSeconds: 120,
      environment: { BC_CORE: coreJson, BCLAW_VERSION: bclawVersion },
      grants: [
        { actions: ['s3:PutObject'], resources: [launcherObjects(`${definitionsFolder}/*`)] },
        // For `pin_images`: permission to pull includes permission to resolve a tag; for repositories of other
        // accounts, their own policies apply.
        { actions: ['ecr:BatchGetImage'], resources: [sub('arn:${AWS::Partition}:ecr:*:*:repository/*')] },
        // Logins of private registries (`auth`): as for jobs, secrets must have a tag that allows this use.
        {
          actions: ['secretsmanager:GetSecretValue'],
          resources: [sub('arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*')],
          condition: { StringEquals: { [`secretsmanager:ResourceTag/${registryTag.key}`]: registryTag.value } },
        },
      ],
    }),
    [macroId]: {
      Type: 'AWS::CloudFormation::Macro',
      Properties: {
        Name: ref('MacroName'),
        Description: 'Compiles a bclaw workflow',
        FunctionName: getAtt(functionId(id), 'Arn'),
      },
    },
  };
}
