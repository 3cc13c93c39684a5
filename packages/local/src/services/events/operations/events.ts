import Type, { type Static } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { isPlainObject } from '../../../wire/message.js';
import { isDefaultBus, operation, text, validationException } from '../operation.js';
import { matches } from '../pattern/match.js';
import { readPattern } from '../rules.js';

const entry = Type.Object({
  Time: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  Source: text,
  Resources: Type.Optional(Type.Array(Type.String())),
  DetailType: text,
  Detail: text,
  EventBusName: text,
});
type Entry = Static<typeof entry>;

/** The size limit of a PutEvents request, in bytes: 1 MB since January 2026, 256 KB before. */
const mostRequestBytes = 1_048_576;

/** The size of an entry as EventBridge counts it, in bytes ("Calculating PutEvents event entry size"). */
function entryBytes({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  return (Time === undefined ? 0 : 14) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));
}

/** Publishing events, and testing patterns against them. */
export function eventOperations({ events }: EngineContext): Operation[] {
  return [
    operation(
      'PutEvents',
      Type.Object({ Entries: Type.Array(entry, { minItems: 1, maxItems: 10 }) }),
      ({ Entries }) => {
        if (Entries.reduce((sum, each) => sum + entryBytes(each), 0) > mostRequestBytes)
          throw validationException('Total size of the entries in the request is over the limit.');
        const results = Entries.map(publish);
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      },
    ),

    operation(
      'TestEventPattern',
      Type.Object({ EventPattern: Type.String(), Event: Type.String() }),
      ({ EventPattern, Event }) => {
        const event = parseJson(Event);
        if (!isPlainObject(event) || mandatory.some((name) => !Object.hasOwn(event, name)))
          throw validationException('Parameter Event is not valid.');
        return { Result: matches(readPattern(EventPattern), event) };
      },
    ),
  ];

  function publish(input: Entry) {
    const problem = problemOf(input);
    if (problem !== undefined) return problem;
    const { Source = '', DetailType = '', Detail = '', Resources = [], Time } = input;
    const detail = parseJson(Detail);
    if (!isPlainObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const time = Time === undefined ? undefined : new Date(typeof Time === 'number' ? Time * 1000 : Time);
    const event = events.publish({
      source: Source,
      'detail-type': DetailType,
      detail,
      resources: Resources,
      ...present({ time }),
    });
    return { EventId: event.id };
  }
}

/** The members of an event that TestEventPattern requires. */
const mandatory = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

function problemOf(input: Entry) {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => (input[name] ?? '') === '');
  if (missing !== undefined)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  if (input.Source?.startsWith('aws.') === true)
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (input.EventBusName !== undefined && !isDefaultBus(input.EventBusName))
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'The embedded engine has the default event bus only.' };
  if (typeof input.Time === 'string' && Number.isNaN(Date.parse(input.Time)))
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Time is not valid.' };
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
