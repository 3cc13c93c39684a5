import { BclawError } from '@bclaw/spec';

/** The parts that all ARNs of one account and region share. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** Parses partition, region and account from any regional ARN. */
export function arnScope(arn: string): ArnScope {
  const [prefix, partition, , region, accountId] = arn.split(':');
  if (prefix !== 'arn' || partition === undefined || region === undefined || accountId === undefined) {
    throw new BclawError('unexpected', `"${arn}" is not an ARN.`);
  }
  return { partition, region, accountId };
}

/** `arn:aws:states:<region>:<account>:stateMachine:<name>` */
export function stateMachineArn(scope: ArnScope, name: string): string {
  return `arn:${scope.partition}:states:${scope.region}:${scope.accountId}:stateMachine:${name}`;
}

/** ARN of a state machine's execution with this name. */
export function executionArn(machineArn: string, executionName: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${executionName}`;
}

/** The state machine and the name that an execution's ARN contains. */
export function parseExecutionArn(
  arn: string,
): { readonly stateMachineArn: string; readonly name: string } | undefined {
  const match = /^(arn:[^:]+:states:[^:]+:\d+):execution:([^:]+):([^:]+)$/.exec(arn);
  const [, scope, machine, name] = match ?? [];
  if (scope === undefined || machine === undefined || name === undefined) return undefined;
  return { stateMachineArn: `${scope}:stateMachine:${machine}`, name };
}
