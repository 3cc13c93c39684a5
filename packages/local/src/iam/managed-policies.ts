const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const allow = (Action: string | readonly string[], Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*', ...(Condition === undefined ? {} : { Condition }) }],
});

/**
 * AWS's managed policies that roles of jobs and functions have most often, reduced to the services of the engine where
 * the policy is long.
 */
const documents: Readonly<Record<string, object>> = {
  AdministratorAccess: allow('*'),
  AmazonS3FullAccess: allow(['s3:*', 's3-object-lambda:*']),
  AmazonS3ReadOnlyAccess: allow(['s3:Get*', 's3:List*', 's3:Describe*']),
  AmazonSQSFullAccess: allow('sqs:*'),
  AmazonSNSFullAccess: allow('sns:*'),
  AWSLambda_FullAccess: allow(['lambda:*', 'logs:DescribeLogGroups', 'states:ListStateMachines', 'iam:PassRole']),
  AWSStepFunctionsFullAccess: allow('states:*'),
  AWSBatchFullAccess: allow(['batch:*', 'logs:GetLogEvents']),
  CloudWatchLogsFullAccess: allow('logs:*'),
  SecretsManagerReadWrite: allow('secretsmanager:*'),
  'service-role/AWSLambdaRole': allow('lambda:InvokeFunction'),
  'service-role/AWSLambdaBasicExecutionRole': allow(['logs:CreateLogGroup', ...logs]),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'logs:CreateLogGroup',
    ...logs,
  ]),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow([
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    ...logs,
  ]),
  'service-role/AmazonEC2ContainerServiceforEC2Role': allow([
    'ecs:CreateCluster',
    'ecs:DeregisterContainerInstance',
    'ecs:DiscoverPollEndpoint',
    'ecs:Poll',
    'ecs:RegisterContainerInstance',
    'ecs:StartTelemetrySession',
    'ecs:Submit*',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    ...logs,
  ]),
};

/** The document of a policy that AWS manages, by ARN; undefined if the engine does not know it. */
export function awsManagedPolicy(arn: string): object | undefined {
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  return name === undefined ? undefined : documents[name];
}
