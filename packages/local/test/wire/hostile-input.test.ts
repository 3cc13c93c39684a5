import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningEngine } from '../running-engine.js';
import { zipOf } from '../services/lambda/zip-of.js';
import { signed } from '../signed.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
  await fetch(`${engine.url}/lab`, { method: 'PUT', headers: signed('s3') });
});
afterAll(() => engine.dispose());

const send = async (service: string, path: string, method: string, body: string | Buffer, headers = {}) => {
  const answer = await fetch(`${engine.url}${path}`, { method, headers: { ...signed(service), ...headers }, body });
  return { status: answer.status, text: await answer.text() };
};
const deep = (open: string, close: string, count: number) => open.repeat(count) + close.repeat(count);

const documents: readonly (readonly [string, string | Buffer])[] = [
  ['a prototype', '<Delete><__proto__><Key>x</Key></__proto__></Delete>'],
  ['a root of the prototype', '<__proto__><Object><Key>x</Key></Object></__proto__>'],
  ['a constructor', '<Delete><constructor><prototype>1</prototype></constructor></Delete>'],
  ['a constructor as the root', '<constructor/>'],
  ['a method of objects as the root', '<toString/>'],
  ['an element of a prototype inside', '<Delete><Object><Key><__proto__>x</__proto__></Key></Object></Delete>'],
  [
    'entities that grow',
    `<!DOCTYPE d [<!ENTITY a "${'x'.repeat(50)}"><!ENTITY b "${'&a;'.repeat(50)}">]><Delete><Object><Key>&b;</Key></Object></Delete>`,
  ],
  [
    'an entity from a file',
    '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&a;</Key></Object></Delete>',
  ],
  ['deep nesting', deep('<a>', '</a>', 20_000)],
  ['no end', '<Delete><Object>'],
  ['broken UTF-8', Buffer.from([0x3c, 0x44, 0xff, 0xfe, 0x3e])],
  ['zeros', Buffer.alloc(100)],
  ['nothing but text', 'x'],
  ['two roots', '<Delete/><Delete/>'],
];
const subresources = [
  'delete',
  'tagging',
  'versioning',
  'lifecycle',
  'notification',
  'encryption',
  'publicAccessBlock',
];

describe('documents that nobody means well with', () => {
  it.each(documents)('S3 answers %s with 400', async (_, body) => {
    for (const name of subresources) {
      const { status, text } = await send('s3', `/lab?${name}`, name === 'delete' ? 'POST' : 'PUT', body);
      expect([name, status, text.slice(0, 300)]).toEqual([name, 400, expect.stringMatching(/<Code>\w+<\/Code>/)]);
    }
    expect((await send('s3', '/lab/k?uploadId=x', 'POST', body)).status).toBeGreaterThanOrEqual(400);
    expect((await send('s3', '/lab/k?uploadId=x', 'POST', body)).status).toBeLessThan(500);
  });

  const json: readonly (readonly [string, string | Buffer])[] = [
    ['a prototype', '{"__proto__":{"name":"x"}}'],
    ['a constructor', '{"constructor":{"prototype":{"x":1}}}'],
    ['members that are methods', '{"toString":1,"hasOwnProperty":2,"valueOf":null}'],
    ['deep nesting', deep('[', ']', 100_000)],
    ['deep nesting of objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['a huge number', '{"name":1e999,"maxResults":123456789012345678901234567890}'],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['half of a pair', '{"name":"\\ud800"}'],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
  ];
  it.each(json)('AWS JSON answers %s with 400', async (_, body) => {
    for (const [service, target] of [
      ['states', 'AWSStepFunctions.CreateStateMachine'],
      ['states', 'AWSStepFunctions.StartExecution'],
      ['events', 'AWSEvents.PutRule'],
      ['sqs', 'AmazonSQS.CreateQueue'],
      ['logs', 'Logs_20140328.CreateLogGroup'],
      ['secretsmanager', 'secretsmanager.CreateSecret'],
    ] as const) {
      const { status, text } = await send(service, '/', 'POST', body, {
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.0',
      });
      expect([target, status, text.slice(0, 300)]).toEqual([target, 400, expect.stringContaining('__type')]);
    }
  });

  it.each(json)('REST-JSON answers %s with 400', async (_, body) => {
    for (const [service, path] of [
      ['batch', '/v1/submitjob'],
      ['batch', '/v1/registerjobdefinition'],
      ['lambda', '/2015-03-31/functions'],
    ] as const) {
      const { status, text } = await send(service, path, 'POST', body, { 'content-type': 'application/json' });
      expect([path, status, text.slice(0, 300)]).toEqual([path, 400, expect.stringContaining('essage')]);
    }
  });

  it.each([
    'StackName.__proto__.x=1',
    '__proto__=1',
    'Tags.member.__proto__.Key=1',
    'Tags.member.999999999.Key=k',
    `Tags.${'member.1.'.repeat(5_000)}Key=k`,
    'constructor.prototype=1',
    'StackName=%ff%fe',
    'StackName=%',
    'TimeoutInMinutes=1e999',
    'Tags.member.1=x&Tags.member.1.Key=k',
  ])('Query answers %s with 400', async (parameters) => {
    const { status, text } = await send(
      'cloudformation',
      '/',
      'POST',
      `Action=CreateStack&Version=2010-05-15&${parameters}`,
      {
        'content-type': 'application/x-www-form-urlencoded',
      },
    );
    expect([status, text.slice(0, 400)]).toEqual([400, expect.stringMatching(/<Code>\w+<\/Code>/)]);
  });

  it('and nothing is changed for all others', async () => {
    expect(Reflect.get({}, 'name')).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('requests that are made to hurt', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('take time in proportion to their length: a form of 200,000 parameters is answered', async () => {
    const body = `Action=ListStacks&${Array.from({ length: 200_000 }, (_, index) => `a${index}=1`).join('&')}`;
    expect((await send('cloudformation', '/', 'POST', body, form)).status).toBe(200);
  });

  it.each([
    ['response-content-type', 'a%0d%0aX-Evil:1'],
    ['response-content-disposition', '%E2%82%AC'],
    ['response-content-encoding', '%00'],
  ])('never put into a header what it cannot hold: %s', async (name, value) => {
    await fetch(`${engine.url}/lab/m`, { method: 'PUT', headers: signed('s3'), body: 'x' });
    const answer = await fetch(`${engine.url}/lab/m?${name}=${value}`, { headers: signed('s3') });
    expect([answer.status, answer.headers.get('x-evil')]).toEqual([400, null]);
    expect(await answer.text()).toContain('<Code>InvalidArgument</Code>');
  });

  const nested = (open: string, close: string, count: number, inner: string) =>
    open.repeat(count) + inner + close.repeat(count);
  const one = '{"Type":"Pass","End":true}';
  const parallel = nested('{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":', '}}]}', 2000, one);
  const choice = `{"Type":"Choice","Choices":[${nested('{"Not":', '}', 8000, '{"Variable":"$.a","IsPresent":true}')}]}`;
  const parameters = `{"Type":"Pass","End":true,"Parameters":${nested('{"a":', '}', 20_000, '1')}}`;
  it.each([
    ['Parallel', parallel],
    ['Choice', choice],
    ['Parameters', parameters],
  ])('are invalid definitions when they nest without end: %s', async (_, state) => {
    const body = JSON.stringify({
      name: 'deep',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      definition: `{"StartAt":"A","States":{"A":${state}}}`,
    });
    const target = { 'x-amz-target': 'AWSStepFunctions.CreateStateMachine' };
    const { status, text } = await send('states', '/', 'POST', body, target);
    expect([status, text]).toEqual([400, expect.stringContaining('InvalidDefinition')]);
  });

  it.each([
    ['a file and a folder of one name', { a: 'x', 'a/b': 'y' }],
    ['a name that is too long', { ['n'.repeat(300)]: 'x' }],
    ['a way out', { '../../out': 'x' }],
  ])('are no code of a function: %s', async (_, files) => {
    const body = JSON.stringify({
      FunctionName: 'f',
      Role: 'arn:aws:iam::123456789012:role/r',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from(zipOf({ 'index.mjs': 'export {}', ...files })).toString('base64') },
    });
    const { status, text } = await send('lambda', '/2015-03-31/functions', 'POST', body);
    expect([status, text]).toEqual([400, expect.stringContaining('zip')]);
  });

  it('are refused as presigned URLs outside their time', async () => {
    const credential = 'X-Amz-Signature=0&X-Amz-Credential=AKID/20260101/us-east-1/s3/aws4_request';
    const at = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
    const get = async (query: string) => {
      const answer = await fetch(`${engine.url}/lab/m?${query}`);
      return [answer.status, /<Code>(\w+)/.exec(await answer.text())?.[1]];
    };
    const now = Date.now();
    expect(await get(`${credential}&X-Amz-Date=${at(now)}&X-Amz-Expires=60`)).toEqual([200, undefined]);
    expect(await get(`${credential}&X-Amz-Date=${at(now - 120_000)}&X-Amz-Expires=60`)).toEqual([403, 'AccessDenied']);
    expect(await get(`${credential}&X-Amz-Date=${at(now + 3_600_000)}&X-Amz-Expires=60`)).toEqual([
      403,
      'AccessDenied',
    ]);
    for (const wrong of [`X-Amz-Date=${at(now)}&X-Amz-Expires=604801`, `X-Amz-Date=now&X-Amz-Expires=1`])
      expect(await get(`${credential}&${wrong}`)).toEqual([400, 'AuthorizationQueryParametersError']);
    const version2 = 'AWSAccessKeyId=AKID&Signature=0&Expires=';
    expect(await get(`${version2}${Math.floor(now / 1000) + 60}`)).toEqual([200, undefined]);
    expect(await get(`${version2}${Math.floor(now / 1000) - 60}`)).toEqual([403, 'AccessDenied']);
  });
});
