import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningEngine } from '../running-engine.js';
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
