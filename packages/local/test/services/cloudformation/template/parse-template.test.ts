import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../../src/services/cloudformation/template/parse-template.js';
import { AwsError } from '../../../../src/wire/aws-error.js';

describe('parseTemplate', () => {
  it('reads JSON and YAML alike', () => {
    const template = {
      Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 5, FifoQueue: false } } },
    };
    expect(parseTemplate(JSON.stringify(template))).toEqual(template);
    const yaml = 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: { DelaySeconds: 5, FifoQueue: no }\n';
    expect(parseTemplate(yaml)).toEqual(template);
  });

  it('gives the short forms of functions their long names', () => {
    expect(
      parseTemplate(`
        a: !Ref Queue
        b: !GetAtt Queue.Arn
        c: !GetAtt [Queue, Arn]
        d: !GetAtt Nested.Outputs.Value
        e: !Sub '\${Queue}-x'
        f: !Sub ['\${a}', { a: !Ref B }]
        g: !If [IsProd, !Ref A, !Ref AWS::NoValue]
        h: !Condition IsProd
        i: !Join ['', [a, !Select [0, !Split [',', 'x,y']]]]
        j: !FindInMap [Map, !Ref AWS::Region, key]
        k: !Base64
          Fn::Sub: text
      `),
    ).toEqual({
      a: { Ref: 'Queue' },
      b: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      c: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      d: { 'Fn::GetAtt': ['Nested', 'Outputs.Value'] },
      e: { 'Fn::Sub': '${Queue}-x' },
      f: { 'Fn::Sub': ['${a}', { a: { Ref: 'B' } }] },
      g: { 'Fn::If': ['IsProd', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] },
      h: { Condition: 'IsProd' },
      i: { 'Fn::Join': ['', ['a', { 'Fn::Select': [0, { 'Fn::Split': [',', 'x,y'] }] }]] },
      j: { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'key'] },
      k: { 'Fn::Base64': { 'Fn::Sub': 'text' } },
    });
  });

  it('keeps what looks like a date as text, and reads the booleans and numbers of YAML 1.1', () => {
    expect(parseTemplate('AWSTemplateFormatVersion: 2010-09-09\na: yes\nb: OFF\nc: 0755\nd: "yes"')).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      a: true,
      b: false,
      c: 493,
      d: 'yes',
    });
  });

  it('reads single letters and keys as they are written', () => {
    expect(parseTemplate('N: !Ref N\ny: Y\nyes: n\n0x10: 1\n"a b": 2')).toEqual({
      N: { Ref: 'N' },
      y: 'Y',
      yes: 'n',
      '0x10': 1,
      'a b': 2,
    });
  });

  it('reads plain scalars by YAML 1.1 as CloudFormation has it', () => {
    expect(
      parseTemplate(
        'a: [NO, on, y, 010, 08, 012345678901, 1_000, 0b11, 12:30:45, 0:30, 1e3, 1.5, 2010-09-09, 12345678901234567890]\n',
      ),
    ).toEqual({
      a: [
        false,
        true,
        'y',
        8,
        '08',
        '012345678901',
        1000,
        3,
        45045,
        '0:30',
        '1e3',
        1.5,
        '2010-09-09',
        '12345678901234567890',
      ],
    });
    expect(parseTemplate('a: !!str 010\nb: !!int "3"\nc: ! 010\n')).toEqual({ a: '010', b: 3, c: '010' });
  });

  it.each([
    ['an alias', 'a: &x { b: 1 }\nc: *x', /YAML aliases are not allowed in CloudFormation templates/],
    ['a merge key', 'a: { <<: { b: 1 } }', /\(line 1, column 6\): merge keys are not supported/],
    ['a tab between words', 'a:\tb', /\(line 1, column 3\): found character/],
    ['an escaped slash', 'a: "b\\/c"', /unknown escape character/],
    ['a control character', 'a: b\u0007', /special characters are not allowed/],
    ['a number that JSON has not', 'a: .inf', /could not determine/],
    ['a tag that it does not know', 'a: !!binary aGk=', /is not a function/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  it('leaves a null to the macros that a template names', () => {
    expect(parseTemplate('Transform: M\nSteps: [{note: {Type: Pass, Result: null}}]')).toMatchObject({
      Steps: [{ note: { Result: null } }],
    });
  });

  it.each([
    ['broken YAML', 'a:\n  b: [1, 2', /^Template format error: YAML not well-formed. \(line 2, column \d+\)/],
    ['a key given twice', 'a: 1\nb: 2\na: 3', /\(line 3, column 1\): Map keys must be unique/],
    ['broken JSON', '{"a": ', /^Template format error: YAML not well-formed/],
    ['an unknown short form', 'a: 1\nb: !Reff X', /\(line 2, column 10\): !Reff is not a function/],
    ['null', 'a:\n  b:\n    - 1\n    -\n', /^Template format error: \[\/a\/b\/1\] 'null' values are not allowed/],
    ['a list', '[1, 2]', /unsupported structure/],
    ['a text', 'hello', /unsupported structure/],
    ['nothing', '', /unsupported structure/],
    ['nesting without end, in YAML', '['.repeat(100_000), /nests too deep|not well-formed/],
    ['nesting without end, in JSON', `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, /nests too deep/],
    ['more than a megabyte', 'x'.repeat(1_048_577), /may not exceed 1048576 bytes/],
  ])('refuses %s with a sentence', (_what, text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });

  it('answers any text with a template or a ValidationError', () => {
    const yamlish = fc.stringMatching(/^[\s\w:\-[\]{}!&*'",|>#.]{0,200}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        try {
          expect(parseTemplate(text)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back any JSON object without null', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (template) => {
        expect(parseTemplate(JSON.stringify(template))).toEqual(JSON.parse(JSON.stringify(template)));
      }),
    );
  });
});
