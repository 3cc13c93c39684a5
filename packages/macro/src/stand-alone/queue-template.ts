import { getAtt, noValue, type Parameter, ref, type Template, when } from '@bclaw/compiler';
import { jobHostResources } from '../core/job-hosts.js';
import { computeEnvironmentProperties, fairShare } from '../core/job-queues.js';
import { parameters as coreParameters } from '../core/parameters.js';

/** Parameters that mean the same as in the core stack. */
const shared = [
  'SubnetIds',
  'SecurityGroupIds',
  'MinvCpus',
  'MaxvCpus',
  'InstanceTypes',
  'AmiId',
  'RootVolumeSize',
  'ScratchVolumeSize',
];

const own: Readonly<Record<string, Parameter>> = {
  QueueName: { Type: 'String', Description: 'Name of the queue, which templates write as `queue_name`' },
  QueuePriority: { Type: 'Number', Description: 'Higher goes first among queues that share hosts', Default: 10 },
  RequestType: {
    Type: 'String',
    Description: 'Kind of the hosts',
    AllowedValues: ['Spot', 'On-demand'],
    Default: 'Spot',
  },
  GpuEnabled: {
    Type: 'String',
    Description: 'Whether the hosts have GPUs; InstanceTypes then names families that have some',
    AllowedValues: ['True', 'False'],
    Default: 'False',
  },
};

/**
 * A stack with a Batch queue and hosts of its own, on which jobs run as on those of the core stack. It needs the capability
 * `CAPABILITY_IAM`.
 */
export function queueTemplate(bclawVersion: string): Template {
  const core = coreParameters({ launcher: '', functions: '', macro: '' });
  const isSpot = (spot: string, onDemand: string) => when('IsSpot', spot, onDemand);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `A queue for jobs of bclaw, version ${bclawVersion}`,
    Parameters: { ...own, ...Object.fromEntries(Object.entries(core).filter(([name]) => shared.includes(name))) },
    Conditions: {
      IsSpot: { 'Fn::Equals': [ref('RequestType'), 'Spot'] },
      HasGpus: { 'Fn::Equals': [ref('GpuEnabled'), 'True'] },
      HasAmi: { 'Fn::Not': [{ 'Fn::Equals': [ref('AmiId'), 'auto'] }] },
    },
    Resources: {
      ...jobHostResources,
      ComputeEnvironment: {
        Type: 'AWS::Batch::ComputeEnvironment',
        Properties: computeEnvironmentProperties({
          Type: isSpot('SPOT', 'EC2'),
          AllocationStrategy: isSpot('SPOT_PRICE_CAPACITY_OPTIMIZED', 'BEST_FIT_PROGRESSIVE'),
          InstanceTypes: ref('InstanceTypes'),
          Ec2Configuration: [
            {
              ImageType: when('HasGpus', 'ECS_AL2023_NVIDIA', 'ECS_AL2023'),
              ImageIdOverride: when('HasAmi', ref('AmiId'), noValue),
            },
          ],
        }),
      },
      SchedulingPolicy: { Type: 'AWS::Batch::SchedulingPolicy', Properties: fairShare },
      Queue: {
        Type: 'AWS::Batch::JobQueue',
        Properties: {
          JobQueueName: ref('QueueName'),
          State: 'ENABLED',
          Priority: ref('QueuePriority'),
          SchedulingPolicyArn: getAtt('SchedulingPolicy', 'Arn'),
          ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: ref('ComputeEnvironment') }],
        },
      },
    },
    Outputs: { QueueArn: { Description: 'What `queue_name` may name, too', Value: getAtt('Queue', 'JobQueueArn') } },
  };
}
