import fc from 'fast-check';

const account = '123456789012';
const role = `arn:aws:iam::${account}:role/jobs`;
const session = `arn:aws:sts::${account}:assumed-role/jobs/one`;

/** A request with the policies that apply to it, as documents. */
export interface RandomCase {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: Readonly<Record<string, string | string[]>>;
  readonly identity: readonly object[];
  readonly resourcePolicy: object | undefined;
  readonly boundary: object | undefined;
  readonly sessionPolicy: object | undefined;
}

const calls: readonly (readonly [action: string, resource: string])[] = [
  ['s3:GetObject', 'arn:aws:s3:::data/runs/a*b/x.txt'],
  ['s3:GetObject', 'arn:aws:s3:::data/team-red/x'],
  ['s3:PutObject', 'arn:aws:s3:::data/team-red/y'],
  ['s3:ListBucket', 'arn:aws:s3:::data'],
  ['states:StartExecution', `arn:aws:states:us-east-1:${account}:stateMachine:wf--3`],
  ['lambda:InvokeFunction', `arn:aws:lambda:us-east-1:${account}:function:core-choose`],
  ['sqs:SendMessage', `arn:aws:sqs:us-east-1:${account}:dead-letters`],
];

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const actionPattern = oneOf(
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  'S3:getobject',
  's3:?etObject',
  's3:PutObject',
  's3:ListBucket',
  'states:*',
  'states:StartExecution',
  'lambda:Invoke*',
  'sqs:SendMessage',
);

const resourcePattern = oneOf(
  '*',
  'arn:aws:s3:::data/*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::data',
  'arn:aws:s3:::data/team-${aws:PrincipalTag/team}/*',
  "arn:aws:s3:::data/team-${aws:PrincipalTag/none, 'red'}/*",
  'arn:aws:s3:::data/team-${aws:PrincipalTag/none}/*',
  'arn:aws:s3:::data/runs/a${*}b/*',
  'arn:aws:s3:::data/runs/a?b/*',
  `arn:aws:states:us-east-1:${account}:stateMachine:*`,
  `arn:aws:states:*:${account}:stateMachine:wf--?`,
  `arn:aws:lambda:us-east-1:${account}:function:core-*`,
  `arn:aws:sqs:us-east-1:${account}:dead-letters`,
);

const withModifiers = (key: string, single: boolean, operators: readonly string[], values: readonly string[]) =>
  fc
    .record({
      operator: oneOf(...operators),
      set: single ? fc.constant('') : oneOf('ForAllValues:', 'ForAnyValue:'),
      ifExists: oneOf('', '', 'IfExists'),
      values: fc.uniqueArray(oneOf(...values), { minLength: 1, maxLength: 2 }),
    })
    .map(({ operator, set, ifExists, values: chosen }) => [`${set}${operator}${ifExists}`, key, chosen] as const);

const stringOperators = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
];
const arnOperators = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'];
const comparisons = (type: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => type + name);

const condition = fc.oneof(
  withModifiers('aws:PrincipalTag/team', true, stringOperators, [
    'red',
    'RED',
    'blue',
    'r*',
    '?ed',
    '${aws:PrincipalTag/team}',
  ]),
  withModifiers('aws:TagKeys', false, stringOperators, ['a', 'b', 'A', 'c*']),
  withModifiers('aws:SourceArn', true, arnOperators, [
    `arn:aws:sqs:us-east-1:${account}:q`,
    `arn:aws:sqs:*:${account}:*`,
    'arn:aws:*:us-east-?:*:q',
    'arn:aws:sns:*:*:*',
  ]),
  withModifiers('aws:CurrentTime', true, comparisons('Date'), [
    '2026-01-01T00:00:00Z',
    '2027-01-01T00:00:00Z',
    '2026-06-01T12:00:00Z',
  ]),
  withModifiers('aws:MultiFactorAuthAge', true, comparisons('Numeric'), ['10', '300', '300.5', '301']),
  withModifiers('aws:SecureTransport', true, ['Bool'], ['true', 'false']),
  withModifiers(
    'aws:SourceIp',
    true,
    ['IpAddress', 'NotIpAddress'],
    ['10.0.0.0/8', '10.1.2.3/32', '192.0.2.0/24', '2001:db8::/32'],
  ),
  fc
    .tuple(oneOf('aws:PrincipalTag/team', 'aws:TagKeys', 'aws:SourceArn', 'aws:SourceIp'), oneOf('true', 'false'))
    .map(([key, value]) => ['Null', key, [value]] as const),
);

const conditions = fc.array(condition, { maxLength: 2 }).map((chosen) => {
  const document: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, key, values] of chosen) document[operator] = { ...document[operator], [key]: values };
  return chosen.length === 0 ? {} : { Condition: document };
});

/** AWS does not document what NotResource means with a variable that has no value, and iam-simulate reads no `${*}` there. */
const hasVariable = (text: string) => text.includes('${') && !text.includes("'");

const listed = (name: string, pattern: fc.Arbitrary<string>) =>
  fc
    .record({ not: oneOf(false, false, false, true), items: fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 }) })
    .filter(({ not, items }) => !not || !items.some(hasVariable))
    .map(({ not, items }) => ({ [not ? `Not${name}` : name]: items.length === 1 ? items[0] : items }));

const principals = oneOf<object>(
  { Principal: '*' },
  { Principal: { AWS: '*' } },
  { Principal: { AWS: account } },
  { Principal: { AWS: `arn:aws:iam::${account}:root` } },
  { Principal: { AWS: role } },
  { Principal: { AWS: session } },
  { Principal: { AWS: [`arn:aws:iam::${account}:role/other`, 'arn:aws:iam::999999999999:root'] } },
  { Principal: { Service: 'events.amazonaws.com' } },
  { Principal: { Service: ['sns.amazonaws.com', 'sqs.amazonaws.com'] } },
);

const statement = (more: fc.Arbitrary<object>) =>
  fc
    .tuple(
      oneOf({ Effect: 'Allow' }, { Effect: 'Allow' }, { Effect: 'Allow' }, { Effect: 'Deny' }),
      listed('Action', actionPattern),
      listed('Resource', resourcePattern),
      conditions,
      more,
    )
    .map((parts) => Object.assign({}, ...parts) as object);

const policy = (more: fc.Arbitrary<object>) =>
  fc.array(statement(more), { minLength: 1, maxLength: 3 }).map((statements) => ({
    Version: '2012-10-17',
    Statement: statements.length === 1 ? statements[0] : statements,
  }));

const none = fc.constant({});
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const context = fc
  .record(
    {
      'aws:PrincipalTag/team': oneOf('red', 'blue'),
      'aws:TagKeys': fc.uniqueArray(oneOf('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
      'aws:SourceArn': oneOf(`arn:aws:sqs:us-east-1:${account}:q`, `arn:aws:sns:eu-west-1:${account}:t`),
      'aws:CurrentTime': oneOf('2026-06-01T12:00:00Z', '2026-12-31T23:59:59Z'),
      'aws:MultiFactorAuthAge': oneOf('5', '300', '301'),
      'aws:SecureTransport': oneOf('true', 'false'),
      'aws:SourceIp': oneOf('10.1.2.3', '192.0.2.7', '2001:db8::1'),
    },
    { requiredKeys: [] },
  )
  .map((keys) => ({ ...keys }) as Record<string, string | string[]>);

/** Policies and requests that meet often enough for each rule of the evaluation to decide. */
export const randomCase: fc.Arbitrary<RandomCase> = fc
  .record({
    principal: oneOf(session, session, session, 'events.amazonaws.com'),
    call: oneOf(...calls),
    resourceAccount: oneOf(account, account, account, '999999999999'),
    context,
    identity: fc.array(policy(none), { maxLength: 2 }),
    resourcePolicy: sometimes(policy(principals)),
    boundary: fc.option(policy(none), { nil: undefined, freq: 1 }),
    sessionPolicy: fc.option(policy(none), { nil: undefined, freq: 1 }),
  })
  .map(({ call: [action, resource], ...rest }) => {
    // A service has no policies of its own.
    const own = rest.principal === session ? {} : { identity: [], boundary: undefined, sessionPolicy: undefined };
    return { action, resource, ...rest, ...own };
  });
