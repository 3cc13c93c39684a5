import type { Parameter } from '@bclaw/compiler';
import { defaultMacroName } from '@bclaw/spec/contract';

/**
 * Keys of the zip files in the code bucket; each contains the digest of its bytes, so that new code creates a new
 * version.
 */
export interface CodeKeys {
  readonly launcher: string;
  readonly functions: string;
  readonly macro: string;
}

/** The parameters of the core stack, which each deployment may set. */
export function parameters(codeKeys: CodeKeys): Readonly<Record<string, Parameter>> {
  return {
    CodeBucket: { Type: 'String', Description: 'Bucket with the zip files of the functions' },
    LauncherCodeKey: {
      Type: 'String',
      Description: 'Key of the launcher, which workflows use; it holds the digest of its bytes',
      Default: codeKeys.launcher,
    },
    FunctionsCodeKey: {
      Type: 'String',
      Description: 'Key of the functions between jobs; it holds the digest of its bytes',
      Default: codeKeys.functions,
    },
    MacroCodeKey: {
      Type: 'String',
      Description: 'Key of the macro; it holds the digest of its bytes',
      Default: codeKeys.macro,
    },
    RunnerImage: {
      Type: 'String',
      Description: 'Image of the runner, by digest or by a tag that is never used again',
    },
    SubnetIds: { Type: 'CommaDelimitedList', Description: 'Subnets for the hosts of jobs, with a way to AWS' },
    SecurityGroupIds: { Type: 'CommaDelimitedList', Description: 'Security groups for the hosts of jobs' },
    MacroName: {
      Type: 'String',
      Description: 'What templates write after Transform; one installation of an account and region has a name',
      Default: defaultMacroName,
    },
    LogRetentionDays: {
      Type: 'Number',
      Description: 'How long logs are kept',
      Default: 90,
      AllowedValues: [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
      ],
    },
    MaxVcpus: {
      Type: 'Number',
      Description: 'Most vCPUs that each of the four compute environments may run at once',
      Default: 256,
      MinValue: 1,
    },
    ScratchGiB: {
      Type: 'Number',
      Description: 'Disk of each host, in GiB: images, workspaces of jobs, cached references',
      Default: 200,
      MinValue: 30,
    },
  };
}
