import { statesErrors } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject, member } from '../interpreter/data/json.js';
import type { Parts } from './parts.js';

const groupOf = (destination: Json | undefined): string | undefined => {
  const group = isObject(destination) ? member(destination, 'cloudWatchLogsLogGroup') : undefined;
  const arn = isObject(group) ? member(group, 'logGroupArn') : undefined;
  return typeof arn === 'string' ? /:log-group:([^:]+):\*$/.exec(arn)?.[1] : undefined;
};

/**
 * Refuses a logging configuration as Step Functions does: one that logs needs exactly one log group, which must exist.
 * An engine without CloudWatch Logs takes the log group for granted.
 *
 * @throws AwsError `InvalidLoggingConfiguration`
 */
export async function checkLogging({ context }: Pick<Parts, 'context'>, configuration: JsonObject): Promise<void> {
  const destinations = member(configuration, 'destinations');
  const given = isArray(destinations) ? destinations : [];
  const logs = member(configuration, 'level') !== 'OFF';
  if (given.length > 1 || (logs && given.length === 0))
    throw statesErrors.invalidLoggingConfiguration('Must specify exactly one Log Destination.');
  if (given.length === 0) return;
  const name = groupOf(given[0]);
  if (name === undefined)
    throw statesErrors.invalidLoggingConfiguration(
      'The ARN of the Log Destination must be one of a log group and end with :*.',
    );
  if (context.inputOf?.('logs', 'DescribeLogGroups') === undefined) return;
  const answer = await context.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
  const groups: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'logGroups') : undefined;
  const isNamed = (group: unknown) =>
    typeof group === 'object' && group !== null && Reflect.get(group, 'logGroupName') === name;
  if (!Array.isArray(groups) || !groups.some(isNamed))
    throw statesErrors.invalidLoggingConfiguration('Log Destination not found.');
}
