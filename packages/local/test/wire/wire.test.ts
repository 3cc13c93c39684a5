import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationFactory, operationTable, routedOperationFactory } from '../../src/operation.js';
import type { ServiceFactory } from '../../src/services/index.js';
import { AwsError } from '../../src/wire/aws-error.js';
import { RunningEngine } from '../running-engine.js';
import { signed } from '../signed.js';

const date = new Date(1_700_000_000_500);
const invalidInput = 'ValidationException';
const operation = operationFactory(invalidInput);
const routed = routedOperationFactory(invalidInput);
const refuse = () => {
  throw new AwsError('NotFound', 'no <such> "thing"', { status: 404, members: { Thing: 7 } });
};
const everything = () => ({
  Text: '<a & b>\u0000',
  Number: 1.5,
  Yes: true,
  At: date,
  List: ['x', { Y: 1 }],
  None: undefined,
});
const operations = operationTable([
  operation(
    'Echo',
    Type.Object({
      Tags: Type.Optional(Type.Array(Type.Object({ Key: Type.String() }))),
      DisableRollback: Type.Optional(Type.Boolean()),
    }),
    (input) => ({ input }),
  ),
  operation('Everything', Type.Object({}), everything),
  operation('Refuse', Type.Object({}), refuse),
]);
const states: ServiceFactory = () => ({
  name: 'states',
  operations,
  json: { version: '1.0' },
});
const logs: ServiceFactory = () => ({ name: 'logs', operations, json: { version: '1.1' } });
const cloudformation: ServiceFactory = () => ({
  name: 'cloudformation',
  operations,
  query: { namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/' },
});
const batch: ServiceFactory = () => ({
  name: 'batch',
  operations: operationTable([
    routed(
      'Echo',
      { method: 'POST', path: '/v1/echo/{Name}' },
      Type.Object({
        Max: Type.Optional(Type.Integer({ query: 'max' })),
        tagKeys: Type.Optional(Type.Array(Type.String())),
        On: Type.Optional(Type.Boolean()),
        Thing: Type.Optional(Type.String({ header: 'x-amz-thing' })),
      }),
      (input) => ({ input }),
    ),
    routed('Refuse', { method: 'POST', path: '/v1/refuse' }, Type.Object({}), refuse),
    routed(
      'Raw',
      {
        method: 'POST',
        path: '/v1/raw',
        response: {
          statusMember: 'StatusCode',
          headers: { FunctionError: 'X-Amz-Function-Error' },
          payload: 'Payload',
        },
      },
      Type.Object({ Payload: Type.Unknown({ payload: true }) }),
      ({ Payload }) => ({ StatusCode: 202, FunctionError: 'Unhandled', Payload }),
    ),
    routed(
      'Everything',
      { method: 'DELETE', path: '/v1/everything', response: { status: 204 } },
      Type.Object({}),
      everything,
    ),
  ]),
});

describe('the wire protocols', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start([states, logs, cloudformation, batch]);
  });
  afterAll(() => engine.dispose());
  const request = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${engine.url}${path}`, { method: 'POST', ...init });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  describe('AWS JSON', () => {
    const json = (target: string, body = '{}', version = '1.0') =>
      request('/', {
        headers: {
          ...signed(target.startsWith('Logs') ? 'logs' : 'states'),
          'x-amz-target': target,
          'content-type': `application/x-amz-json-${version}`,
        },
        body,
      });

    it('writes dates in seconds, and leaves out what is not there', async () => {
      const { status, headers, text } = await json('AWSStepFunctions.Everything');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/x-amz-json-1.0');
      expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.parse(text)).toEqual({
        Text: '<a & b>\u0000',
        Number: 1.5,
        Yes: true,
        At: 1_700_000_000.5,
        List: ['x', { Y: 1 }],
      });
    });

    it('answers in the version of the request', async () => {
      const { headers } = await json('Logs_20140328.Echo', '{}', '1.1');
      expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
    });

    it('writes errors with their code, message and members', async () => {
      const { status, headers, text } = await json('AWSStepFunctions.Refuse');
      expect(status).toBe(404);
      expect(headers.get('x-amzn-errortype')).toBe('NotFound');
      expect(JSON.parse(text)).toEqual({ __type: 'NotFound', message: 'no <such> "thing"', Thing: 7 });
    });
  });

  describe('Query', () => {
    const form = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
      request('/', { headers: { ...signed('cloudformation'), ...headers }, body: new URLSearchParams(parameters) });

    it('reads parameters of a form and of the URL', async () => {
      const parameters = { Action: 'Echo', Version: '2010-05-15', 'Tags.member.1.Key': 'k', DisableRollback: 'true' };
      const expected =
        '<input><Tags><member><Key>k</Key></member></Tags><DisableRollback>true</DisableRollback></input>';
      expect((await form(parameters)).text).toContain(expected);
      const url = `/?${new URLSearchParams(parameters)}`;
      expect((await request(url, { headers: signed('cloudformation') })).text).toContain(expected);
    });

    it('takes operations with POST alone', async () => {
      const url = '/?Action=Echo&Version=2010-05-15';
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])
        expect((await request(url, { method, headers: signed('cloudformation') })).status).toBe(405);
    });

    it('refuses what does not fit the schema of the operation in AWS’s words', async () => {
      const { status, text } = await form({ Action: 'Echo', Version: '2010-05-15', DisableRollback: 'yes' });
      expect(status).toBe(400);
      expect(text).toContain("Value 'yes' at 'disableRollback' failed to satisfy constraint");
    });

    it('writes XML that any parser accepts', async () => {
      const { headers, text } = await form({ Action: 'Everything', Version: '2010-05-15' });
      expect(headers.get('content-type')).toBe('text/xml');
      expect(text).toContain(
        '<EverythingResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><EverythingResult>' +
          '<Text>&lt;a &amp; b&gt;\uFFFD</Text><Number>1.5</Number><Yes>true</Yes><At>2023-11-14T22:13:20.500Z</At>' +
          '<List><member>x</member><member><Y>1</Y></member></List></EverythingResult>',
      );
      expect(text).toMatch(/<ResponseMetadata><RequestId>[0-9a-f-]{36}</);
    });

    it('writes errors in its own shape', async () => {
      const { status, text } = await form({ Action: 'Refuse', Version: '2010-05-15' });
      expect(status).toBe(404);
      expect(text).toContain(
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>' +
          '<Code>NotFound</Code><Message>no &lt;such&gt; &quot;thing&quot;</Message></Error>',
      );
    });

    it('says in XML what it does not have', async () => {
      const unknown = await form({ Action: 'ImportStacksToStackSet', Version: '2010-05-15' });
      expect(unknown.text).toContain('<Code>InvalidAction</Code>');
      expect(unknown.text).toContain('does not have the operation cloudformation:ImportStacksToStackSet');
      const iam = await form({ Action: 'ListRoles', Version: '2010-05-08' }, signed('iam'));
      expect(iam.text).toContain('The embedded engine has no service &quot;iam&quot;.');
    });
  });

  describe('REST-JSON', () => {
    it('gathers the input from path, query, headers and body', async () => {
      const { text } = await request('/v1/echo/a%2Fb?max=5&tagKeys=x&tagKeys=y&On=true&Plain=p', {
        headers: { ...signed('batch'), 'x-amz-thing': 't' },
        body: '{"Body":[1]}',
      });
      expect(JSON.parse(text)).toEqual({
        input: { Max: 5, tagKeys: ['x', 'y'], On: true, Plain: 'p', Thing: 't', Name: 'a/b', Body: [1] },
      });
    });

    it('passes raw bodies, and members as status and headers', async () => {
      const { status, headers, text } = await request('/v1/raw', { headers: signed('batch'), body: 'not json' });
      expect([status, headers.get('x-amz-function-error'), text]).toEqual([202, 'Unhandled', 'not json']);
    });

    it('answers without a body where AWS does', async () => {
      const { status, text } = await request('/v1/everything', { method: 'DELETE', headers: signed('batch') });
      expect([status, text]).toEqual([204, '']);
    });

    it('writes errors that every SDK reads, and says what it does not have', async () => {
      const refused = await request('/v1/refuse', { headers: signed('batch') });
      expect([refused.status, refused.headers.get('x-amzn-errortype')]).toEqual([404, 'NotFound']);
      expect(JSON.parse(refused.text)).toMatchObject({ message: 'no <such> "thing"', Thing: 7 });
      const unknown = await request('/v1/nothing', { headers: signed('batch') });
      expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
      const efs = await request('/2015-02-01/file-systems', { headers: signed('elasticfilesystem') });
      expect(JSON.parse(efs.text).message).toBe('The embedded engine has no service "elasticfilesystem".');
      const integer = await request('/v1/echo/x?max=five', { headers: signed('batch') });
      expect(integer.status).toBe(400);
      expect(JSON.parse(integer.text).message).toContain("Value 'five' at 'max' failed to satisfy constraint");
      const encoding = await request('/v1/echo/%zz', { headers: signed('batch') });
      expect(encoding.status).toBe(400);
    });
  });

  describe('the service of a request', () => {
    it.each([
      ['a signature', '/', signed('states')],
      [
        'a signature for all regions',
        '/',
        { authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AKID/20260101/states/aws4_request, X' },
      ],
    ])('follows from %s', async (_, path, headers) => {
      const answer = await request(path, {
        headers: { ...headers, 'x-amz-target': 'AWSStepFunctions.Echo' },
        body: '{"a":1}',
      });
      expect(JSON.parse(answer.text)).toEqual({ input: { a: 1 } });
    });
  });
});
