import type { AwsJsonDialect } from '../../wire/aws-json.js';
import type { QueryDialect } from '../../wire/query.js';

/** Errors that had other codes before SQS used JSON; clients still look for the old ones. */
const queryErrorCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
};
const errorCode = (code: string) => queryErrorCodes[code] ?? code;

export const sqsJson: AwsJsonDialect = { version: '1.0', queryErrorCode: errorCode };

/** For programs from before the end of 2023, when SQS supported only Query, at the queue's own URL. */
export const sqsQuery: QueryDialect = {
  namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  maps: new Set(['Attributes', 'MessageAttributes', 'Tags']),
  flatName,
  pathMembers: (path) => (/^\/\d{12}\/[^/]+$/.test(path) ? { QueueUrl: path } : {}),
  errorCode,
};

/** `Attributes` are sent as `Attribute.1`, `Attribute.2`; the entries of a batch are named after the operation. */
function flatName(operation: string, member: string): string {
  switch (member) {
    case 'Entries':
      return `${operation}RequestEntry`;
    case 'Successful':
      return `${operation}ResultEntry`;
    case 'Failed':
      return 'BatchResultErrorEntry';
    default:
      return member.charAt(0).toUpperCase() + member.slice(1, -1);
  }
}
