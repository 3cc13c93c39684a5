import { getAtt, type Resource, ref, sub } from '@bclaw/compiler';
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

const queueId = (pool: Pool): string => `${pool.id}Queue`;
const environmentId = (pool: Pool): string => `${pool.id}ComputeEnvironment`;
const schedulingPolicyId = 'SchedulingPolicy';

/** ARNs of the job queues. */
export const queueArns = {
  spot: getAtt(queueId(pools.spot), 'JobQueueArn'),
  onDemand: getAtt(queueId(pools.onDemand), 'JobQueueArn'),
  spotGpu: getAtt(queueId(pools.spotGpu), 'JobQueueArn'),
  onDemandGpu: getAtt(queueId(pools.onDemandGpu), 'JobQueueArn'),
};

export const jobQueueResources: Readonly<Record<string, Resource>> = {
  [schedulingPolicyId]: {
    Type: 'AWS::Batch::SchedulingPolicy',
    // Each workflow has its own share identifier, all with the same weight, so a large workflow does not block the
    // others.
    Properties: { FairsharePolicy: { ShareDecaySeconds: 3600 } },
  },
  ...Object.fromEntries(
    Object.values(pools).flatMap((pool) => [
      [environmentId(pool), computeEnvironment(pool)],
      [queueId(pool), jobQueue(pool)],
    ]),
  ),
};

function jobQueue(pool: Pool): Resource {
  return {
    Type: 'AWS::Batch::JobQueue',
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
    Properties: {
      Type: 'MANAGED',
      State: 'ENABLED',
      // Updated in place: a replacement would remove the hosts of running jobs.
      ReplaceComputeEnvironment: false,
      UpdatePolicy: { TerminateJobsOnUpdate: false, JobExecutionTimeoutMinutes: 360 },
      ComputeResources: {
        Type: pool.spot ? 'SPOT' : 'EC2',
        AllocationStrategy: pool.spot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        MinvCpus: 0,
        MaxvCpus: ref('MaxVcpus'),
        InstanceTypes: pool.gpu ? ['g4dn', 'g5'] : ['optimal'],
        Ec2Configuration: [{ ImageType: pool.gpu ? 'ECS_AL2023_NVIDIA' : 'ECS_AL2023' }],
        InstanceRole: hostProfileArn,
        LaunchTemplate: hostLaunchTemplate,
        UpdateToLatestImageVersion: true,
        Subnets: ref('SubnetIds'),
        SecurityGroupIds: ref('SecurityGroupIds'),
      },
    },
  };
}
