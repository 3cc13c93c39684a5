import { describe, expect, it } from 'vitest';
import { AwsError } from '../../src/wire/aws-error.js';
import { decodeQuery } from '../../src/wire/query-input.js';

const decode = (query: string, types = {}) => decodeQuery(new URLSearchParams(query), types);

describe('decodeQuery', () => {
  it('reads members, structures and lists of either kind', () => {
    expect(decode('StackName=s&Options.Deep.Value=1')).toEqual({ StackName: 's', Options: { Deep: { Value: '1' } } });
    expect(decode('Parameters.member.2.ParameterKey=b&Parameters.member.1.ParameterKey=a')).toEqual({
      Parameters: [{ ParameterKey: 'a' }, { ParameterKey: 'b' }],
    });
    expect(decode('AttributeName.1=All&AttributeName.10=z&AttributeName.2=y')).toEqual({
      AttributeName: ['All', 'y', 'z'],
    });
  });

  it('reads maps, but takes tags for the lists that they are', () => {
    expect(decode('Attributes.entry.1.key=k&Attributes.entry.1.value=v')).toEqual({ Attributes: { k: 'v' } });
    expect(decode('MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=String')).toEqual({
      MessageAttributes: { n: { DataType: 'String' } },
    });
    expect(decode('Tags.member.1.Key=k&Tags.member.1.Value=v')).toEqual({ Tags: [{ Key: 'k', Value: 'v' }] });
  });

  it('types what it is told to, but nothing that a caller named', () => {
    const types = { booleans: new Set(['On']), integers: new Set(['Most']), lists: new Set(['Capabilities']) };
    expect(decode('On=true&Most=-3&Capabilities=&Other=', types)).toEqual({
      On: true,
      Most: -3,
      Capabilities: [],
      Other: '',
    });
    expect(decode('Attributes.entry.1.key=Most&Attributes.entry.1.value=7', types)).toEqual({
      Attributes: { Most: '7' },
    });
    expect(() => decode('On=yes', types)).toThrow(/On must be true or false/);
    expect(() => decode('Most=1.5', types)).toThrow(/Most must be an integer/);
  });

  it('refuses contradictions and depths that no operation has', () => {
    expect(() => decode('A=1&A.b=2')).toThrow(AwsError);
    expect(() => decode(`${'a.'.repeat(30)}b=1`)).toThrow(/nests too deep/);
  });

  it('keeps names that objects inherit as plain members', () => {
    const input = decode('__proto__.polluted=1&constructor=x');
    expect(Object.keys(input)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
