import { type AccessRule, anywhere, type CallInput, named, on, type ServiceAccess } from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import type { LogStore } from './log-store.js';

/** The permissions of CloudWatch Logs. */
export function logsAccess({ partition, region, accountId }: EngineContext, store: LogStore): ServiceAccess {
  /** Policies name a group as `…:log-group:<name>:*`, as all actions but those on tags want it. */
  const group = ({ logGroupName, logGroupIdentifier, logStreamName }: CallInput) => {
    const name = String(logGroupName ?? logGroupIdentifier ?? '');
    const arn = name.startsWith('arn:')
      ? name.replace(/:\*$/, '')
      : `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;
    return `${arn}:log-stream:${typeof logStreamName === 'string' ? logStreamName : ''}`;
  };
  const rule = (action: string): AccessRule => on(`logs:${action}`, group);
  const tagged = (action: string): AccessRule => on(`logs:${action}`, named('resourceArn'));
  return {
    rules: {
      CreateLogStream: rule('CreateLogStream'),
      DeleteLogStream: rule('DeleteLogStream'),
      DescribeLogStreams: rule('DescribeLogStreams'),
      CreateLogGroup: rule('CreateLogGroup'),
      DeleteLogGroup: rule('DeleteLogGroup'),
      DescribeLogGroups: anywhere('logs:DescribeLogGroups'),
      PutRetentionPolicy: rule('PutRetentionPolicy'),
      DeleteRetentionPolicy: rule('DeleteRetentionPolicy'),
      PutLogEvents: rule('PutLogEvents'),
      GetLogEvents: rule('GetLogEvents'),
      FilterLogEvents: rule('FilterLogEvents'),
      TagResource: tagged('TagResource'),
      UntagResource: tagged('UntagResource'),
      ListTagsForResource: tagged('ListTagsForResource'),
    },
    tagsOf: (arn) => store.find(arn)?.tags,
  };
}
