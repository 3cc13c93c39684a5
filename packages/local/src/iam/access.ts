/** One permission that a call needs. */
export interface Permission {
  /** E.g. `s3:GetObject`. */
  readonly action: string;
  /** ARN of the resource; `*` for actions without resources. */
  readonly resource: string;
  /** Condition keys of the request, beyond those that every request has. */
  readonly keys?: ConditionKeys;
}

/** Values of condition keys by name. */
export type ConditionKeys = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An operation's input, not validated yet: IAM decides first. */
export type CallInput = Readonly<Record<string, unknown>>;

/** Returns the permissions that a call of an operation needs. */
export type AccessRule = (input: CallInput) => readonly Permission[];

/** A service's part in access control: which permissions its operations need, and what its resources have. */
export interface ServiceAccess {
  /** One for each operation. */
  readonly rules: Readonly<Record<string, AccessRule>>;
  /** Tags of a resource, for `aws:ResourceTag`. */
  tagsOf?(arn: string): Readonly<Record<string, string>> | undefined;
  /** The policy of a resource as JSON; undefined if it has none. */
  policyOf?(arn: string): unknown;
  /** True for a resource with policies that does not exist: to other services of AWS, its own says so. */
  isMissing?(arn: string): boolean;
  /**
   * A permission that hides an error: without it, the caller is told that access is denied (S3 says that an object is
   * missing only to those who may list the bucket).
   */
  hides?(operation: string, input: CallInput, errorCode: string): Permission | undefined;
  /** The service's wording of a denial. Default: `AccessDeniedException`, 400. */
  readonly denial?: DenialForm;
}

/** The code and the words with which a service denies access. */
export interface DenialForm {
  readonly code: string;
  readonly status: number;
  /** Spelling of the action, e.g. `SNS:Publish`. */
  readonly action?: (action: string) => string;
  /** Spelling of the resource: S3 quotes it. */
  readonly resource?: (arn: string) => string;
}

/** A rule for one action on one resource. */
export function on(
  action: string,
  resource: (input: CallInput) => string,
  keys?: (input: CallInput) => ConditionKeys,
): AccessRule {
  return (input) => [{ action, resource: resource(input), ...(keys === undefined ? {} : { keys: keys(input) }) }];
}

/** A rule for an action that has no resources. */
export const anywhere = (action: string): AccessRule => on(action, () => '*');

/** A rule for everything that several rules ask for. */
export const all =
  (...rules: readonly AccessRule[]): AccessRule =>
  (input) =>
    rules.flatMap((rule) => rule(input));

/** The use of a role by a service that the caller gives it to (`iam:PassRole`); none without a role. */
export const passRole =
  (member: string | ((input: CallInput) => unknown), service: string): AccessRule =>
  (input) => {
    const role = typeof member === 'string' ? input[member] : member(input);
    return typeof role === 'string' && role !== ''
      ? [{ action: 'iam:PassRole', resource: role, keys: { 'iam:PassedToService': service } }]
      : [];
  };

/** The first of the members that is a text; `*` if none is. */
export function named(...members: readonly string[]): (input: CallInput) => string {
  return (input) => {
    for (const member of members) {
      const value = input[member];
      if (typeof value === 'string' && value !== '') return value;
    }
    return '*';
  };
}

/** `aws:RequestTag/<key>` and `aws:TagKeys`, from tags as a map or as a list of keys and values. */
export function requestTags(tags: unknown): ConditionKeys {
  const pairs: [string, string][] = Array.isArray(tags)
    ? tags.map((tag) => [textIn(tag, 'Key', 'key'), textIn(tag, 'Value', 'value')])
    : Object.entries(Object(tags ?? {})).map(([key, value]) => [key, String(value)]);
  if (pairs.length === 0) return {};
  return {
    ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': pairs.map(([key]) => key),
  };
}

function textIn(value: unknown, ...names: readonly string[]): string {
  for (const name of names) {
    const found: unknown = Reflect.get(Object(value), name);
    if (typeof found === 'string') return found;
  }
  return '';
}
