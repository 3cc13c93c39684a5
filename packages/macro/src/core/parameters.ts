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
    MinvCpus: {
      Type: 'Number',
      Description:
        'vCPUs that each of the compute environments keeps running without jobs; they cost money all the time',
      Default: 0,
      MinValue: 0,
    },
    MaxvCpus: {
      Type: 'Number',
      Description: 'Most vCPUs that each of the compute environments may run at once',
      Default: 256,
      MinValue: 1,
    },
    InstanceTypes: {
      Type: 'CommaDelimitedList',
      Description: 'Instance types or families of the hosts of jobs without GPUs, all of one architecture',
      Default: 'c5,m5,r5',
    },
    GpuInstanceTypes: {
      Type: 'CommaDelimitedList',
      Description:
        'Instance types or families of the hosts of GPU jobs; auto: those of g4dn and g5 that the region has',
      Default: 'auto',
    },
    AmiId: {
      Type: 'String',
      Description: 'Image of the hosts of jobs, ECS-optimized; auto: the newest Amazon Linux 2023 that Batch chooses',
      Default: 'auto',
    },
    GpuAmiId: {
      Type: 'String',
      Description: 'Image of the hosts of GPU jobs; auto: the newest that Batch chooses; none: no GPU queues',
      Default: 'auto',
    },
    RootVolumeSize: {
      Type: 'Number',
      Description: 'Root disk of each host, in GiB: images of containers',
      Default: 100,
      MinValue: 30,
    },
    ScratchVolumeSize: {
      Type: 'Number',
      Description: 'Scratch disk of each host, in GiB: workspaces of jobs, cached references',
      Default: 1000,
      MinValue: 10,
    },
    LauncherBucketName: {
      Type: 'String',
      Description: 'Name of the bucket for job files; default: the name of the stack, "launcher" and the account',
      Default: 'default',
    },
    WritableObjects: {
      Type: 'CommaDelimitedList',
      Description:
        "ARNs of objects outside this account's buckets that jobs may write, e.g. arn:aws:s3:::their-bucket/*",
      Default: '',
    },
    KmsKeyArns: {
      Type: 'CommaDelimitedList',
      Description: 'ARNs of the KMS keys of buckets that are encrypted with keys of their own',
      Default: '',
    },
    StatesPolicyArns: {
      Type: 'CommaDelimitedList',
      Description: 'ARNs of managed policies for native Task states that call services of yours',
      Default: '',
    },
    StateMachineArns: {
      Type: 'CommaDelimitedList',
      Description: 'ARNs of state machines that bclaw did not deploy and that workflows may start as subpipes',
      Default: '',
    },
    LoggingDestinationArn: {
      Type: 'String',
      Description:
        'ARN of the destination that the logs are also sent to (a subscription filter); none: no destination',
      Default: 'none',
    },
    LoggingDestinationRoleArn: {
      Type: 'String',
      Description: 'ARN of the role with which CloudWatch Logs writes to a Kinesis or Firehose stream; none: no role',
      Default: 'none',
    },
  };
}
