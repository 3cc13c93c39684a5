import { describe, expect, it } from 'vitest';
import { type AccessRequest, type AppliedPolicies, evaluate } from '../../src/iam/evaluate.js';
import { PolicyError, parsePolicy } from '../../src/iam/policy.js';

const account = '123456789012';
const session: AccessRequest['principal'] = {
  kind: 'session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/jobs/one`,
  roleArn: `arn:aws:iam::${account}:role/jobs`,
};
const administrator: AccessRequest['principal'] = { kind: 'account', account, arn: `arn:aws:iam::${account}:root` };

const allow = (Action: string | string[], Resource: string | string[], more: object = {}) =>
  parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource, ...more } }, 'identity');
const deny = (Action: string, Resource: string, more: object = {}) =>
  parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action, Resource, ...more } }, 'identity');
const resourcePolicy = (Principal: unknown, more: object = {}) =>
  parsePolicy(
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 's3:*', Resource: '*', ...more } },
    'resource',
  );

function ask(
  policies: Partial<AppliedPolicies>,
  request: Partial<Omit<AccessRequest, 'context'>> & {
    readonly keys?: Readonly<Record<string, string | string[]>>;
  } = {},
) {
  const { keys = {}, ...rest } = request;
  const values = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  return evaluate(
    {
      principal: session,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::data/runs/x',
      resourceAccount: account,
      ...rest,
      context: (key) => values.get(key.toLowerCase()),
    },
    { identity: [], ...policies },
  );
}

const allowed = { allowed: true };
const notAllowedBy = (by: string) => ({ allowed: false, explicit: false, by });
const deniedBy = (by: string) => ({ allowed: false, explicit: true, by });

describe('the evaluation of policies', () => {
  it('denies what nothing allows', () => {
    expect(ask({})).toEqual(notAllowedBy('identity-based policy'));
    expect(ask({ identity: [allow('s3:PutObject', '*')] })).toEqual(notAllowedBy('identity-based policy'));
  });

  it('compares actions without regard to case, and resources with it', () => {
    expect(ask({ identity: [allow('S3:get*', 'arn:aws:s3:::data/*')] })).toEqual(allowed);
    expect(ask({ identity: [allow('s3:GetObject', 'arn:aws:s3:::DATA/*')] }).allowed).toBe(false);
  });

  it('lets an explicit deny of any policy win', () => {
    const identity = [allow('*', '*')];
    expect(ask({ identity: [...identity, deny('s3:*', '*')] })).toEqual(deniedBy('identity-based policy'));
    expect(ask({ identity, resource: resourcePolicy('*', { Effect: 'Deny' }) })).toEqual(
      deniedBy('resource-based policy'),
    );
    expect(ask({ identity, boundary: deny('s3:*', '*') })).toEqual(deniedBy('permissions boundary'));
    expect(ask({ identity, session: deny('s3:*', '*') })).toEqual(deniedBy('session policy'));
  });

  it('needs a boundary and a session policy to allow a request, too', () => {
    const identity = [allow('s3:*', '*')];
    expect(ask({ identity, boundary: allow('sqs:*', '*') })).toEqual(notAllowedBy('permissions boundary'));
    expect(ask({ identity, session: allow('sqs:*', '*') })).toEqual(notAllowedBy('session policy'));
    expect(ask({ identity, boundary: allow('s3:Get*', '*'), session: allow('s3:GetObject', '*') })).toEqual(allowed);
  });

  it('accepts the grant of a resource-based policy within the account', () => {
    const boundary = allow('sqs:*', '*');
    expect(ask({ resource: resourcePolicy({ AWS: session.arn }) })).toEqual(allowed);
    expect(ask({ resource: resourcePolicy({ AWS: session.roleArn }) })).toEqual(allowed);
    // A grant to the role is limited by the boundary, a grant to the session is not.
    expect(ask({ resource: resourcePolicy({ AWS: session.roleArn }), boundary })).toEqual(
      notAllowedBy('permissions boundary'),
    );
    expect(ask({ resource: resourcePolicy({ AWS: session.arn }), boundary })).toEqual(allowed);
    // The account as principal leaves the decision to the role's own policies.
    expect(ask({ resource: resourcePolicy({ AWS: account }) })).toEqual(notAllowedBy('identity-based policy'));
  });

  it('needs both policies across accounts', () => {
    const abroad = { resourceAccount: '999999999999' };
    const identity = [allow('s3:*', '*')];
    expect(ask({ identity }, abroad)).toEqual(notAllowedBy('resource-based policy'));
    expect(ask({ resource: resourcePolicy('*') }, abroad)).toEqual(notAllowedBy('identity-based policy'));
    expect(ask({ identity, resource: resourcePolicy({ AWS: account }) }, abroad)).toEqual(allowed);
  });

  it('lets a service do what a resource-based policy names it for', () => {
    const principal = { kind: 'service', name: 'events.amazonaws.com' } as const;
    const Condition = { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/r' } };
    const resource = resourcePolicy({ Service: principal.name }, { Condition });
    expect(ask({ resource }, { principal, keys: { 'aws:SourceArn': 'arn:aws:events:us-east-1:1:rule/r' } })).toEqual(
      allowed,
    );
    expect(ask({ resource }, { principal, keys: { 'aws:SourceArn': 'arn:aws:events:us-east-1:1:rule/s' } })).toEqual(
      notAllowedBy('resource-based policy'),
    );
    expect(ask({ identity: [allow('*', '*')] }, { principal }).allowed).toBe(false);
  });

  it('lets the account do everything that no policy denies', () => {
    expect(ask({}, { principal: administrator })).toEqual(allowed);
    expect(ask({ resource: resourcePolicy('*', { Effect: 'Deny' }) }, { principal: administrator }).allowed).toBe(
      false,
    );
  });

  it('needs a trust policy to name who assumes a role', () => {
    const trust = (Principal: unknown) =>
      parsePolicy(
        { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } },
        'trust',
      );
    const request = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/other` };
    const identity = [allow('sts:AssumeRole', '*')];
    expect(
      ask({ identity, resource: trust({ Service: 'ecs-tasks.amazonaws.com' }), trust: true }, request).allowed,
    ).toBe(false);
    expect(ask({ identity, resource: trust({ AWS: account }), trust: true }, request)).toEqual(allowed);
    expect(ask({ resource: trust({ AWS: account }), trust: true }, request).allowed).toBe(false);
    expect(ask({ resource: trust({ AWS: session.roleArn }), trust: true }, request)).toEqual(allowed);
    const lambda = { ...request, principal: { kind: 'service', name: 'lambda.amazonaws.com' } } as const;
    expect(ask({ resource: trust({ Service: 'lambda.amazonaws.com' }), trust: true }, lambda)).toEqual(allowed);
  });

  it('evaluates NotAction, NotResource and NotPrincipal', () => {
    const policy = (members: object, kind: 'identity' | 'resource') =>
      parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...members }] }, kind);
    expect(ask({ identity: [policy({ NotAction: 's3:Put*', Resource: '*' }, 'identity')] })).toEqual(allowed);
    expect(ask({ identity: [policy({ Action: '*', NotResource: 'arn:aws:s3:::data/*' }, 'identity')] }).allowed).toBe(
      false,
    );
    const others = policy({ NotPrincipal: { AWS: session.arn }, Action: '*', Resource: '*' }, 'resource');
    expect(ask({ resource: others }).allowed).toBe(false);
  });
});

describe('policy variables', () => {
  const team = (Resource: string, keys: Readonly<Record<string, string>>) =>
    ask({ identity: [allow('s3:*', Resource)] }, { resource: 'arn:aws:s3:::data/red/*', keys }).allowed;

  it('are replaced by the values of their keys', () => {
    expect(team('arn:aws:s3:::data/${aws:PrincipalTag/team}/*', { 'aws:PrincipalTag/team': 'red' })).toBe(true);
    expect(team('arn:aws:s3:::data/${aws:PrincipalTag/team}/*', { 'aws:PrincipalTag/team': 'blue' })).toBe(false);
    expect(team("arn:aws:s3:::data/${aws:PrincipalTag/team, 'red'}/*", {})).toBe(true);
    expect(team('arn:aws:s3:::data/${aws:PrincipalTag/team}/*', {})).toBe(false);
  });

  it('take wildcards in a value for characters', () => {
    expect(team('arn:aws:s3:::data/${aws:PrincipalTag/team}/*', { 'aws:PrincipalTag/team': 'r*' })).toBe(false);
    expect(team('arn:aws:s3:::data/red/${*}', {})).toBe(true);
    expect(team('arn:aws:s3:::data/re${?}/*', {})).toBe(false);
  });

  it('are text in a policy of the old version', () => {
    const identity = [
      parsePolicy(
        { Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:PrincipalTag/t}' } },
        'identity',
      ),
    ];
    const keys = { 'aws:PrincipalTag/t': 'b' };
    expect(ask({ identity }, { resource: 'arn:aws:s3:::b', keys }).allowed).toBe(false);
    expect(ask({ identity }, { resource: 'arn:aws:s3:::${aws:PrincipalTag/t}', keys }).allowed).toBe(true);
  });
});

describe('conditions', () => {
  const holds = (operator: string, values: unknown, given: string | string[] | undefined) =>
    ask(
      { identity: [allow('*', '*', { Condition: { [operator]: { 'aws:k': values } } })] },
      { keys: given === undefined ? {} : { 'AWS:K': given } },
    ).allowed;

  it.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', 'a', 'A', false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'a?c*', 'abcd', true],
    ['StringNotLike', 'a?c*', 'abcd', false],
    ['NumericEquals', 3, '3.0', true],
    ['NumericNotEquals', '3', '4', true],
    ['NumericLessThan', '3', '2.5', true],
    ['NumericLessThanEquals', '3', '3', true],
    ['NumericGreaterThan', '3', '3', false],
    ['NumericGreaterThanEquals', '3', 'three', false],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '1767225601', true],
    ['DateEquals', '1767225600', '2026-01-01T00:00:00Z', true],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['IpAddress', '203.0.113.0/24', '203.0.113.9', true],
    ['IpAddress', '203.0.113.9', '203.0.113.9', true],
    ['NotIpAddress', ['203.0.113.0/24', '2001:db8::/32'], '2001:db8::1', false],
    ['ArnEquals', 'arn:aws:sqs:*:123456789012:q', 'arn:aws:sqs:us-east-1:123456789012:q', true],
    // A wildcard stays within its component of the ARN.
    ['ArnLike', 'arn:aws:sqs:*:q', 'arn:aws:sqs:us-east-1:123456789012:q', false],
    ['ArnNotLike', 'arn:aws:sns:*:*:*', 'arn:aws:sqs:us-east-1:123456789012:q', true],
    ['Null', 'true', 'a', false],
    ['Null', 'false', 'a', true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAnyValue:StringLike', 'a*', ['b', 'ab'], true],
    ['ForAnyValue:StringNotEquals', 'a', ['a', 'b'], true],
    ['ForAllValues:StringNotEquals', 'a', ['a', 'b'], false],
  ])('%s %j holds for %j: %s', (operator, values, given, expected) => {
    expect(holds(operator, values, given)).toBe(expected);
  });

  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['BoolIfExists', true],
    ['IpAddress', false],
  ])('%s without the key: %s', (operator, expected) => {
    expect(holds(operator, 'true', undefined)).toBe(expected);
  });

  it('asks for the absence of a key with Null', () => {
    expect(holds('Null', 'true', undefined)).toBe(true);
    expect(holds('Null', 'false', undefined)).toBe(false);
  });
});

describe('the parser of policies', () => {
  const parse =
    (statement: object, kind: 'identity' | 'resource' | 'trust' = 'identity') =>
    () =>
      parsePolicy({ Version: '2012-10-17', Statement: statement }, kind);
  const action = { Effect: 'Allow', Action: 's3:*' };

  it.each([
    ['no JSON', () => parsePolicy('{', 'identity'), /invalid Json/],
    [
      'a version that IAM does not have',
      () => parsePolicy({ Version: '2020-01-01', Statement: [] }, 'identity'),
      /Syntax errors/,
    ],
    ['an unknown member', parse({ ...action, Resource: '*', Resources: '*' }), /Syntax errors/],
    ['no action', parse({ Effect: 'Allow', Resource: '*' }), /must contain actions/],
    ['Action and NotAction', parse({ ...action, NotAction: 's3:*', Resource: '*' }), /not both/],
    ['an action without its service', parse({ ...action, Action: 'GetObject', Resource: '*' }), /prefaced by a vendor/],
    ['no resource', parse(action), /must contain resources/],
    ['a resource that is no ARN', parse({ ...action, Resource: 'data' }), /ARN format/],
    [
      'a principal in an identity-based policy',
      parse({ ...action, Resource: '*', Principal: '*' }),
      /should not specify a principal/,
    ],
    ['no principal in a resource-based one', parse({ ...action, Resource: '*' }, 'resource'), /Principal/],
    [
      'a resource in a trust policy',
      parse({ ...action, Resource: '*', Principal: '*' }, 'trust'),
      /prohibited field Resource/,
    ],
    [
      'an unknown operator',
      parse({ ...action, Resource: '*', Condition: { StringIs: { a: 'b' } } }),
      /Invalid Condition type/,
    ],
    [
      'two statements of one id',
      () =>
        parsePolicy(
          { Version: '2012-10-17', Statement: [1, 2].map(() => ({ Sid: 'a', ...action, Resource: '*' })) },
          'identity',
        ),
      /unique/,
    ],
  ])('refuses %s', (_what, run, message) => {
    expect(run).toThrow(PolicyError);
    expect(run).toThrow(message);
  });
});
