import { describe, expect, it } from 'vitest';
import type { AwsEvent } from '../../../src/kernel/service.js';
import type { RuleTarget } from '../../../src/services/events/model.js';
import { checkTargetInput, targetInput } from '../../../src/services/events/target-input.js';

const event: AwsEvent = {
  version: '0',
  id: 'e1',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::b'],
  detail: { bucket: { name: 'b' }, object: { 'key-name': 'a "quoted" \\ key', size: 5 }, list: [{ id: 1 }, { id: 2 }] },
};
const rule = { name: 'r', arn: 'arn:aws:events:us-east-1:123456789012:rule/r' };
const input = (how: Omit<RuleTarget, 'Id' | 'Arn'>) => targetInput(event, rule, { Id: 't', Arn: 'a', ...how });
const filled = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  input({ InputTransformer: { InputTemplate, InputPathsMap } });

describe('the input of a target', () => {
  it('is the event itself unless told otherwise', () => {
    expect(JSON.parse(input({}))).toEqual(event);
  });

  it('is a constant, or a part of the event', () => {
    expect(input({ Input: '{"a": 1}' })).toBe('{"a": 1}');
    expect(input({ InputPath: '$.detail.bucket' })).toBe('{"name":"b"}');
    expect(input({ InputPath: "$.detail['list'][1].id" })).toBe('2');
    expect(input({ InputPath: '$.detail.list[*].id' })).toBe('[1,2]');
  });

  it('fills variables into a JSON template: as JSON on their own, as text inside of quotes', () => {
    const paths = { key: '$.detail.object.key-name', size: '$.detail.object.size', bucket: '$.detail.bucket' };
    const text = filled('{"key": <key>, "text": "<key>!", "size": <size>, "bucket": <bucket>, "b": "<bucket>"}', paths);
    expect(JSON.parse(text)).toEqual({
      key: 'a "quoted" \\ key',
      text: 'a "quoted" \\ key!',
      size: 5,
      bucket: { name: 'b' },
      b: '{"name":"b"}',
    });
  });

  it('fills variables into a template that is one text', () => {
    expect(filled('"<size> bytes in <bucket>"', { size: '$.detail.object.size', bucket: '$.detail.bucket.name' })).toBe(
      '"5 bytes in b"',
    );
  });

  it('knows the variables of the rule and the event, and leaves unknown ones alone', () => {
    const text = filled(
      '{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>, "all": <aws.events.event.json>, "head": <aws.events.event>, "other": "<unknown>"}',
    );
    const { detail: _, ...head } = event;
    expect(JSON.parse(text)).toEqual({
      arn: rule.arn,
      name: 'r',
      at: event.time,
      all: event,
      head,
      other: '<unknown>',
    });
  });

  it('is empty where a path leads to nothing', () => {
    expect(filled('{"a": <none>, "b": "<none>"}', { none: '$.detail.none.at.all' })).toBe('{"a": "", "b": ""}');
  });

  it.each<[string, Partial<RuleTarget>, RegExp]>([
    ['two ways at once', { Input: '{}', InputPath: '$' }, /Only one of/],
    ['a constant that is not JSON', { Input: 'text' }, /JSON syntax error/],
    ['a path that is none', { InputPath: 'detail' }, /not a JSON path/],
    ['a path with a filter', { InputPath: '$.a[?(@.b)]' }, /not a JSON path/],
    [
      'a reserved variable',
      { InputTransformer: { InputTemplate: '"x"', InputPathsMap: { 'aws.x': '$' } } },
      /reserved/,
    ],
  ])('refuses %s', (_, how, message) => {
    expect(() => checkTargetInput({ Id: 't', Arn: 'a', ...how })).toThrow(message);
  });
});
