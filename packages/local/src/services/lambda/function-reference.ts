import { AwsError } from '../../wire/aws-error.js';

/** The function, and its version or alias, that a request refers to. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

const namePattern = /^[a-zA-Z0-9-_]{1,64}$/;
const qualifierPattern = /^(\$LATEST|[a-zA-Z0-9-_]{1,128})$/;
const referencePattern = /^(?:arn:[a-z-]+:lambda:[a-z0-9-]+:)?(?:(\d{12}):)?(?:function:)?([^:]+)(?::([^:]+))?$/;

/**
 * Parses a `FunctionName` member: a name, a partial ARN (`123456789012:function:name`) or an ARN, each with an optional
 * qualifier, together with the `Qualifier` member.
 *
 * @throws AwsError `ValidationException` for an invalid function name, `InvalidParameterValueException` for two
 * different qualifiers
 *
 * @example
 * ```ts
 * parseFunctionReference('arn:aws:lambda:us-east-1:123456789012:function:wf-launcher:live', undefined);
 * // { name: 'wf-launcher', qualifier: 'live' }
 * ```
 */
export function parseFunctionReference(functionName: string, qualifier: string | undefined): FunctionReference {
  const match = referencePattern.exec(functionName);
  const name = match?.[2];
  if (name === undefined || !namePattern.test(name)) throw invalid('functionName', functionName, namePattern.source);
  const derived = match?.[3];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier)
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const used = derived ?? qualifier;
  if (used !== undefined && !qualifierPattern.test(used)) throw invalid('qualifier', used, qualifierPattern.source);
  return { name, qualifier: used };
}

/**
 * Rejects the ARN of a function in another region, as Lambda does.
 *
 * @param input of any operation
 * @throws AwsError `ResourceNotFoundException`
 */
export function refuseOtherRegion(input: unknown, region: string): void {
  if (typeof input !== 'object' || input === null || !('FunctionName' in input)) return;
  const [, named = region] = /^arn:[a-z-]+:lambda:([a-z0-9-]+):/.exec(String(input.FunctionName)) ?? [];
  if (named === region) return;
  throw new AwsError(
    'ResourceNotFoundException',
    `Functions from '${named}' are not reachable in this region ('${region}')`,
    { status: 404 },
  );
}

/** True for `$LATEST` and numbers; everything else is an alias. */
export function isVersion(qualifier: string): boolean {
  return qualifier === '$LATEST' || /^\d+$/.test(qualifier);
}

function invalid(member: string, value: string, pattern: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
      `Member must satisfy regular expression pattern: ${pattern}`,
  );
}
