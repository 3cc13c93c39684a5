import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../src/wire/aws-error.js';
import { parseInput } from '../../src/wire/parse-input.js';
import { decodeQuery } from '../../src/wire/query-input.js';

const text = Type.Optional(Type.String());
const texts = Type.Optional(Type.Array(Type.String()));
const textMap = Type.Optional(Type.Record(Type.String(), Type.String()));
const schema = Type.Object({
  StackName: text,
  Options: Type.Optional(Type.Object({ Deep: Type.Optional(Type.Object({ Value: text })) })),
  Parameters: Type.Optional(Type.Array(Type.Object({ ParameterKey: text }))),
  AttributeNames: texts,
  Attributes: textMap,
  MessageAttributes: Type.Optional(Type.Record(Type.String(), Type.Object({ DataType: text }))),
  Tags: Type.Optional(Type.Array(Type.Object({ Key: Type.String(), Value: Type.String() }))),
  On: Type.Optional(Type.Boolean()),
  Most: Type.Optional(Type.Integer()),
  Capabilities: texts,
  Other: text,
});
const decode = (query: string) => decodeQuery(new URLSearchParams(query), schema);
const decodeFlat = (query: string) => decodeQuery(new URLSearchParams(query), schema, (member) => member.slice(0, -1));

describe('decodeQuery', () => {
  it('reads members, structures and lists of either kind', () => {
    expect(decode('StackName=s&Options.Deep.Value=1')).toEqual({ StackName: 's', Options: { Deep: { Value: '1' } } });
    expect(decode('Parameters.member.2.ParameterKey=b&Parameters.member.1.ParameterKey=a')).toEqual({
      Parameters: [{ ParameterKey: 'a' }, { ParameterKey: 'b' }],
    });
    expect(decodeFlat('AttributeName.1=All&AttributeName.10=z&AttributeName.2=y')).toEqual({
      AttributeNames: ['All', 'y', 'z'],
    });
  });

  it('reads maps, but takes tags for the lists that they are', () => {
    expect(decode('Attributes.entry.1.key=k&Attributes.entry.1.value=v')).toEqual({ Attributes: { k: 'v' } });
    expect(decodeFlat('Attribute.1.Name=k&Attribute.1.Value=v')).toEqual({ Attributes: { k: 'v' } });
    expect(decode('MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=String')).toEqual({
      MessageAttributes: { n: { DataType: 'String' } },
    });
    expect(decode('Tags.member.1.Key=k&Tags.member.1.Value=v')).toEqual({ Tags: [{ Key: 'k', Value: 'v' }] });
  });

  it('types what the schema types, but nothing that a caller named', () => {
    expect(decode('On=true&Most=-3&Capabilities=&Other=')).toEqual({
      On: true,
      Most: -3,
      Capabilities: [],
      Other: '',
    });
    expect(decode('Attributes.entry.1.key=Most&Attributes.entry.1.value=7')).toEqual({ Attributes: { Most: '7' } });
    const parse = (query: string) => parseInput(schema, decode(query), 'ValidationError');
    expect(() => parse('On=yes')).toThrow("Value 'yes' at 'on' failed to satisfy constraint: Member must be boolean");
    expect(() => parse('Most=1.5')).toThrow(
      "Value '1.5' at 'most' failed to satisfy constraint: Member must be integer",
    );
  });

  it('leaves out what the schema does not name', () => {
    expect(decode('StackName=s&Unknown=1&Options.Unknown=2')).toEqual({ StackName: 's', Options: {} });
  });

  it('refuses contradictions and depths that no operation has', () => {
    expect(() => decode('Options=1&Options.Deep=2')).toThrow(AwsError);
    expect(() => decode(`${'a.'.repeat(30)}b=1`)).toThrow(/nests too deep/);
  });

  it('keeps names that objects inherit as plain keys of a map', () => {
    const { Attributes } = decode('Attributes.entry.1.key=__proto__&Attributes.entry.1.value=polluted');
    expect(Object.keys(Object(Attributes))).toEqual(['__proto__']);
    expect(decode('__proto__.polluted=1&constructor=x')).toEqual({});
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
