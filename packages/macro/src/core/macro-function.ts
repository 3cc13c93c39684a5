import { getAtt, type Intrinsic, type Resource, ref, type Sub, sub } from '@bclaw/compiler';
import { definitionsFolder, registryTag } from '@bclaw/spec/contract';
import { functionId, lambdaFunction } from './lambda-function.js';
import { launcherObjects } from './launcher-bucket.js';

const id = 'Macro';
const macroId = 'CompilerMacro';

/** The macro's name, which is its main identifier. */
export const macroName: Intrinsic = ref(macroId);

/**
 * The macro and its function. It names no version of the function: a deployment must be compiled for the core stack
 * as it is now, and what the macro made is in the workflow's stack; nothing calls an older one.
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
        // For `pin_images`: who may pull may ask what a tag means; repositories of other accounts decide by their own policies.
        { actions: ['ecr:BatchGetImage'], resources: [sub('arn:${AWS::Partition}:ecr:*:*:repository/*')] },
        // Logins of private registries (`auth`): secrets must be marked for the purpose, as for the jobs.
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
