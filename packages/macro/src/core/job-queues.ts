import { type GetAtt, getAtt, type If, noValue, type Resource, ref, sub, when } from '@bclaw/compiler';
import { noQueue } from '@bclaw/spec/contract';
import { conditions } from './conditions.js';
import { hostLaunchTemplate, hostProfileArn } from './job-hosts.js';

/** A queue and its compute environment. */
interface Pool {
  /** Prefix of the logical ids. */
  readonly id: string;
  /** The queue is called `<stack><nameSuffix>`. */
  readonly nameSuffix: string;
  readonly spot: boolean;
  readonly gpu: boolean;
}

const pools = {
  spot: { id: 'Spot', nameSuffix: '-spot', spot: true, gpu: false },
  onDemand: { id: 'OnDemand', nameSuffix: '-on-demand', spot: false, gpu: false },
  spotGpu: { id: 'SpotGpu', nameSuffix: '-spot-gpu', spot: true, gpu: true },
  onDemandGpu: { id: 'OnDemandGpu', nameSuffix: '-on-demand-gpu', spot: false, gpu: true },
} as const satisfies Readonly<Record<string, Pool>>;

/**
 * Each workflow has its own share identifier, all with the same weight, so a large workflow does not block the others.
 */
export const fairShare = { FairsharePolicy: { ShareDecaySeconds: 3600 } };

const queueId = (pool: Pool): string => `${pool.id}Queue`;
const environmentId = (pool: Pool): string => `${pool.id}ComputeEnvironment`;
const schedulingPolicyId = 'SchedulingPolicy';

const queueArn = (pool: Pool): GetAtt | If => {
  const arn = getAtt(queueId(pool), 'JobQueueArn');
  return pool.gpu ? when(conditions.gpuPools, arn, noQueue) : arn;
};

/** ARNs of the job queues; `none` for GPU queues that the stack does not have. */
export const queueArns = {
  spot: queueArn(pools.spot),
  onDemand: queueArn(pools.onDemand),
  spotGpu: queueArn(pools.spotGpu),
  onDemandGpu: queueArn(pools.onDemandGpu),
};

const gpuInstanceTypes = when(
  conditions.choosesGpuTypes,
  [when(conditions.hasG4dn, 'g4dn', noValue), when(conditions.hasG5, 'g5', noValue)],
  ref('GpuInstanceTypes'),
);

export const jobQueueResources: Readonly<Record<string, Resource>> = {
  [schedulingPolicyId]: {
    Type: 'AWS::Batch::SchedulingPolicy',
    Properties: fairShare,
  },
  ...Object.fromEntries(
    Object.values(pools).flatMap((pool) => [
      [environmentId(pool), computeEnvironment(pool)],
      [queueId(pool), jobQueue(pool)],
    ]),
  ),
};

function existence(pool: Pool): Pick<Resource, 'Condition'> {
  return pool.gpu ? { Condition: conditions.gpuPools } : {};
}

function jobQueue(pool: Pool): Resource {
  return {
    Type: 'AWS::Batch::JobQueue',
    ...existence(pool),
    Properties: {
      JobQueueName: sub(`\${AWS::StackName}${pool.nameSuffix}`),
      State: 'ENABLED',
      Priority: 1,
      SchedulingPolicyArn: getAtt(schedulingPolicyId, 'Arn'),
      ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: ref(environmentId(pool)) }],
    },
  };
}

function computeEnvironment(pool: Pool): Resource {
  return {
    Type: 'AWS::Batch::ComputeEnvironment',
    ...existence(pool),
    Properties: computeEnvironmentProperties({
      Type: pool.spot ? 'SPOT' : 'EC2',
      AllocationStrategy: pool.spot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
      InstanceTypes: pool.gpu ? gpuInstanceTypes : ref('InstanceTypes'),
      Ec2Configuration: [
        pool.gpu
          ? {
              ImageType: 'ECS_AL2023_NVIDIA',
              ImageIdOverride: when(conditions.ownGpuAmi, ref('GpuAmiId'), noValue),
            }
          : { ImageType: 'ECS_AL2023', ImageIdOverride: when(conditions.ownAmi, ref('AmiId'), noValue) },
      ],
    }),
  };
}

/** The properties of a compute environment, with those that all of them have. */
export function computeEnvironmentProperties(own: {
  readonly Type: unknown;
  readonly AllocationStrategy: unknown;
  readonly InstanceTypes: unknown;
  readonly Ec2Configuration: unknown;
}): object {
  return {
    Type: 'MANAGED',
    State: 'ENABLED',
    // Updated in place: a replacement would remove the hosts of running jobs.
    ReplaceComputeEnvironment: false,
    UpdatePolicy: { TerminateJobsOnUpdate: false, JobExecutionTimeoutMinutes: 360 },
    ComputeResources: {
      ...own,
      MinvCpus: ref('MinvCpus'),
      MaxvCpus: ref('MaxvCpus'),
      InstanceRole: hostProfileArn,
      LaunchTemplate: hostLaunchTemplate,
      UpdateToLatestImageVersion: true,
      Subnets: ref('SubnetIds'),
      SecurityGroupIds: ref('SecurityGroupIds'),
    },
  };
}
