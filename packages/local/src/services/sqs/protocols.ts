import { awsJsonProtocol } from '../../wire/aws-json.js';
import { isPlainObject, type WireRequest } from '../../wire/message.js';
import { queryProtocol } from '../../wire/query.js';
import type { OwnProtocols } from '../../wire/server.js';
import { xmlMember, xmlMembers } from '../../wire/xml.js';

/** Errors whose codes were others before SQS spoke JSON; clients still look for the old ones. */
const queryErrorCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
};

/** Flattened lists and maps of the Query protocol: their names there, and as members. */
const inputNames: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  AttributeName: 'AttributeNames',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  MessageAttribute: 'MessageAttributes',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttribute: 'MessageSystemAttributes',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  Tag: 'Tags',
  TagKey: 'TagKeys',
};
const outputNames: Readonly<Record<string, string>> = {
  Attributes: 'Attribute',
  Failed: 'BatchResultErrorEntry',
  MessageAttributes: 'MessageAttribute',
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  Tags: 'Tag',
};
const integers = new Set(['DelaySeconds', 'MaxNumberOfMessages', 'MaxResults', 'VisibilityTimeout', 'WaitTimeSeconds']);

const errorCode = (code: string) => queryErrorCodes[code] ?? code;

/** SQS speaks JSON, and for programs from before the end of 2023 Query with flattened lists, at the queue's own URL. */
export const sqsProtocols: OwnProtocols = {
  json: awsJsonProtocol('1.0', { queryErrorCode: errorCode }),
  other: queryProtocol({
    version: '2012-11-05',
    namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    types: { integers },
    errorCode,
    input({ operation, input }, request) {
      const members = { ...queueOfPath(request), ...inputMembers(input) };
      // CreateQueue alone names its tags in lower case.
      return operation === 'CreateQueue' ? { ...members, tags: members['Tags'] ?? {} } : members;
    },
    result: (operation, output) =>
      Object.entries(output)
        .map(([name, value]) => (name === 'Successful' ? batchXml(operation, value) : flatXml(name, value)))
        .join(''),
  }),
};

function queueOfPath({ path }: WireRequest): Record<string, unknown> {
  return /^\/\d{12}\/[^/]+$/.test(path) ? { QueueUrl: path } : {};
}

function inputMembers(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    const member = inputNames[name] ?? name;
    if (member === 'Entries' && Array.isArray(value)) members[member] = value.filter(isPlainObject).map(inputMembers);
    else if (name === 'Tag' && Array.isArray(value)) members[member] = tagMap(value);
    else members[member] = value;
  }
  return members;
}

function tagMap(tags: readonly unknown[]): Record<string, string> {
  const pairs = tags
    .filter(isPlainObject)
    .map((tag) => [String(tag['Key'] ?? ''), String(tag['Value'] ?? '')] as const);
  return Object.fromEntries(pairs);
}

function batchXml(operation: string, entries: unknown): string {
  if (!Array.isArray(entries)) return '';
  return entries.map((entry) => xmlMember(`${operation}ResultEntry`, entry, {})).join('');
}

/** Lists and maps without an element around them; a map's entries have `Name` (a tag's: `Key`) and `Value`. */
function flatXml(name: string, value: unknown): string {
  const element = outputNames[name];
  if (element === undefined) return xmlMember(name, value, {});
  if (Array.isArray(value))
    return value
      .map((item) =>
        isPlainObject(item) ? `<${element}>${flatMembers(item)}</${element}>` : xmlMember(element, item, {}),
      )
      .join('');
  if (!isPlainObject(value)) return '';
  const key = element === 'Tag' ? 'Key' : 'Name';
  return Object.entries(value)
    .map(([entry, item]) => `<${element}>${xmlMembers({ [key]: entry, Value: item }, {})}</${element}>`)
    .join('');
}

function flatMembers(item: Readonly<Record<string, unknown>>): string {
  return Object.entries(item)
    .map(([name, value]) => flatXml(name, value))
    .join('');
}
