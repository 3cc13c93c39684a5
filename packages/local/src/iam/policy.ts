import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { type Condition, parseCondition } from './condition.js';
import { type Pattern, parsePattern } from './pattern.js';

/** A policy document, ready to be evaluated. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/** One statement of a policy. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Listed<Pattern>;
  /** Absent in a trust policy. */
  readonly resources: Listed<Pattern> | undefined;
  /** Absent in an identity-based policy. */
  readonly principals: Listed<NamedPrincipal> | undefined;
  readonly conditions: readonly Condition[];
}

/** The members of an element, or of its opposite (`NotAction`). */
export interface Listed<T> {
  readonly not: boolean;
  readonly items: readonly T[];
}

/** A principal as a policy names it; `*` in any type is everyone of that type. */
export interface NamedPrincipal {
  readonly type: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  readonly name: string;
}

/** The place of a policy, which decides on its elements. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** A document that IAM refuses as `MalformedPolicyDocument`. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

const texts = Type.Union([Type.String(), Type.Array(Type.String())]);
const conditionValue = Type.Union([Type.String(), Type.Boolean(), Type.Number()]);
const principal = Type.Union([
  Type.Literal('*'),
  Type.Object(
    {
      AWS: Type.Optional(texts),
      Service: Type.Optional(texts),
      Federated: Type.Optional(texts),
      CanonicalUser: Type.Optional(texts),
    },
    { additionalProperties: false },
  ),
]);
const statementShape = Type.Object(
  {
    Sid: Type.Optional(Type.String()),
    Effect: Type.Union([Type.Literal('Allow'), Type.Literal('Deny')]),
    Action: Type.Optional(texts),
    NotAction: Type.Optional(texts),
    Resource: Type.Optional(texts),
    NotResource: Type.Optional(texts),
    Principal: Type.Optional(principal),
    NotPrincipal: Type.Optional(principal),
    Condition: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Union([conditionValue, Type.Array(conditionValue)]))),
    ),
  },
  { additionalProperties: false },
);
const documentShape = Type.Object(
  {
    Version: Type.Optional(Type.Union([Type.Literal('2012-10-17'), Type.Literal('2008-10-17')])),
    Id: Type.Optional(Type.String()),
    Statement: Type.Union([statementShape, Type.Array(statementShape)]),
  },
  { additionalProperties: false },
);
type StatementDocument = Static<typeof statementShape>;

/**
 * Reads a policy document.
 *
 * @param document - the JSON text or the object
 * @throws PolicyError with the place of the first mistake
 *
 * @example
 * ```ts
 * parsePolicy('{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" } }', 'identity');
 * ```
 */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const value = typeof document === 'string' ? jsonOf(document) : document;
  if (!Value.Check(documentShape, value)) {
    const [problem] = Value.Errors(documentShape, value);
    throw new PolicyError(
      `Syntax errors in policy: ${problem?.instancePath || '/'} ${problem?.message ?? 'does not fit'}.`,
    );
  }
  const { Version, Statement } = value;
  const variables = Version === '2012-10-17';
  const statements = (Array.isArray(Statement) ? Statement : [Statement]).map((statement) =>
    parseStatement(statement, kind, variables),
  );
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  if (kind === 'identity' && new Set(sids).size < sids.length)
    throw new PolicyError('Statement IDs (SID) in a single policy must be unique.');
  return { statements };
}

/** The mistake in a policy document, as {@link parsePolicy} finds it; undefined when there is none. */
export function mistakeIn(document: unknown, kind: PolicyKind): string | undefined {
  try {
    parsePolicy(document, kind);
    return undefined;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.message;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('This policy contains invalid Json');
  }
}

function parseStatement(given: StatementDocument, kind: PolicyKind, variables: boolean): Statement {
  const options = { variables, wildcards: true };
  const actions = listed(given.Action, given.NotAction, 'Action', textList);
  if (actions === undefined) throw new PolicyError('Policy statement must contain actions.');
  for (const action of actions.items)
    if (action !== '*' && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action))
      throw new PolicyError(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: ${action}`);
  const resources = listed(given.Resource, given.NotResource, 'Resource', textList);
  const principals = listed(given.Principal, given.NotPrincipal, 'Principal', principalList);
  if (kind === 'trust' && resources !== undefined) throw new PolicyError('Has prohibited field Resource.');
  if (kind !== 'trust' && resources === undefined) throw new PolicyError('Policy statement must contain resources.');
  if (kind === 'identity' && principals !== undefined)
    throw new PolicyError('Policy document should not specify a principal.');
  if (kind !== 'identity' && principals === undefined) throw new PolicyError('Missing required field Principal.');
  if (kind === 'identity')
    for (const resource of resources?.items ?? [])
      if (resource !== '*' && resource.split(':').length < 6 && !/^arn:.*\*$/.test(resource))
        throw new PolicyError(`Resource ${resource} must be in ARN format or "*".`);
  const pattern = (text: string) => parsePattern(text, options);
  return {
    sid: given.Sid,
    effect: given.Effect,
    // Names of actions are compared without regard to case.
    actions: { not: actions.not, items: actions.items.map((action) => pattern(action.toLowerCase())) },
    resources: resources && { not: resources.not, items: resources.items.map(pattern) },
    principals,
    conditions: conditionsOf(given.Condition ?? {}, variables),
  };
}

function conditionsOf(given: NonNullable<StatementDocument['Condition']>, variables: boolean): Condition[] {
  return Object.entries(given).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      const values = (Array.isArray(value) ? value : [value]).map(String);
      const condition = parseCondition(operator, key, values, variables);
      if (condition === undefined) throw new PolicyError(`Invalid Condition type : ${operator}.`);
      return condition;
    }),
  );
}

function listed<G, T>(
  given: G | undefined,
  opposite: G | undefined,
  name: string,
  itemsOf: (given: G) => readonly T[],
): Listed<T> | undefined {
  if (given !== undefined && opposite !== undefined)
    throw new PolicyError(`A statement has ${name} or Not${name}, not both.`);
  if (given !== undefined) return { not: false, items: itemsOf(given) };
  return opposite === undefined ? undefined : { not: true, items: itemsOf(opposite) };
}

const textList = (given: string | readonly string[]): readonly string[] =>
  typeof given === 'string' ? [given] : given;

function principalList(given: Static<typeof principal>): readonly NamedPrincipal[] {
  if (given === '*') return [{ type: 'AWS', name: '*' }];
  return (['AWS', 'Service', 'Federated', 'CanonicalUser'] as const).flatMap((type) =>
    textList(given[type] ?? []).map((name) => ({ type, name })),
  );
}
