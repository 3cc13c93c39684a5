import { ref } from '@bclaw/compiler';

/** Names of the core stack's conditions. */
export const conditions = {
  hasG4dn: 'HasG4dn',
  hasG5: 'HasG5',
  choosesGpuTypes: 'ChoosesGpuTypes',
  gpuPools: 'HasGpuPools',
  ownAmi: 'HasAmi',
  ownGpuAmi: 'HasGpuAmi',
  ownLauncherBucketName: 'HasLauncherBucketName',
  otherBuckets: 'WritesToOtherBuckets',
  kmsKeys: 'UsesKmsKeys',
  statesPolicies: 'HasStatesPolicies',
  otherStateMachines: 'UsesOtherStateMachines',
  logDestination: 'HasLogDestination',
  logDestinationRole: 'HasLogDestinationRole',
} as const;

const equals = (left: unknown, right: unknown) => ({ 'Fn::Equals': [left, right] });
const not = (condition: object) => ({ 'Fn::Not': [condition] });
const named = (name: string) => ({ Condition: name });
/** True if a parameter has another value than the one that stands for none. */
const isSet = (parameter: string, none: string) => not(equals(ref(parameter), none));
const isListed = (parameter: string) => not(equals({ 'Fn::Join': ['', ref(parameter)] }, ''));

/** CloudFormation, `Fn::Or`: at most ten conditions. */
const maxOperands = 10;

function anyOf(list: readonly object[]): object {
  if (list.length <= maxOperands) return { 'Fn::Or': list };
  const size = Math.ceil(list.length / maxOperands);
  return anyOf(
    Array.from({ length: Math.ceil(list.length / size) }, (_, group) => {
      const some = list.slice(group * size, (group + 1) * size);
      const [first] = some;
      return some.length === 1 && first !== undefined ? first : { 'Fn::Or': some };
    }),
  );
}

const isRegion = (regions: readonly string[]) => anyOf(regions.map((region) => equals(ref('AWS::Region'), region)));

/**
 * Regions without instances of these families, from AWS's price list as cfn-lint 1.58.0 has it. Batch refuses a compute
 * environment with a family that its region does not have.
 */
const regionsWithout = {
  g4dn: [
    'ap-east-2',
    'ap-south-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-west-1',
    'eu-central-2',
    'eu-south-2',
    'il-central-1',
    'me-central-1',
    'mx-central-1',
  ],
  g5: [
    'af-south-1',
    'ap-east-2',
    'ap-northeast-3',
    'ap-south-2',
    'ap-southeast-1',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-west-1',
    'eu-central-2',
    'eu-south-1',
    'me-south-1',
    'mx-central-1',
    'us-gov-east-1',
    'us-gov-west-1',
    'us-west-1',
  ],
} as const;

export const conditionDefinitions: Readonly<Record<string, object>> = {
  [conditions.hasG4dn]: not(isRegion(regionsWithout.g4dn)),
  [conditions.hasG5]: not(isRegion(regionsWithout.g5)),
  [conditions.choosesGpuTypes]: equals({ 'Fn::Join': [',', ref('GpuInstanceTypes')] }, 'auto'),
  [conditions.gpuPools]: {
    'Fn::And': [
      isSet('GpuAmiId', 'none'),
      {
        'Fn::Or': [not(named(conditions.choosesGpuTypes)), named(conditions.hasG4dn), named(conditions.hasG5)],
      },
    ],
  },
  [conditions.ownAmi]: isSet('AmiId', 'auto'),
  [conditions.ownGpuAmi]: isSet('GpuAmiId', 'auto'),
  [conditions.ownLauncherBucketName]: isSet('LauncherBucketName', 'default'),
  [conditions.otherBuckets]: isListed('WritableObjects'),
  [conditions.kmsKeys]: isListed('KmsKeyArns'),
  [conditions.statesPolicies]: isListed('StatesPolicyArns'),
  [conditions.otherStateMachines]: isListed('StateMachineArns'),
  [conditions.logDestination]: isSet('LoggingDestinationArn', 'none'),
  [conditions.logDestinationRole]: isSet('LoggingDestinationRoleArn', 'none'),
};
