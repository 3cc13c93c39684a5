import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type CoreEnvironment, coreEnvironmentFromOutputs, coreOutputPaths } from '@bclaw/compiler';
import { createImageResolver } from '@bclaw/images';
import { type Engine, startEngine } from '@bclaw/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMacro, type Macro, type MacroLogEntry } from '../src/index.js';

const core: CoreEnvironment = coreEnvironmentFromOutputs(
  {
    ...Object.fromEntries(Object.keys(coreOutputPaths).map((name) => [name, name.toLowerCase()])),
    LogRetentionDays: '30',
  },
  { stackName: 'bayerclaw2', accountId: '123456789012', region: 'us-east-1', partition: 'aws' },
);

let directory: string;
let engine: Engine;
let s3: S3Client;
let macro: Macro;
const log: MacroLogEntry[] = [];
const images = createImageResolver({ backoffMs: 1 });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bclaw-macro-'));
  engine = await startEngine({ directory });
  s3 = new S3Client({
    endpoint: engine.url,
    region: engine.region,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: core.launcherBucket }));
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: core.launcherBucket,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  macro = createMacro({ s3, core, bclawVersion: '1.0.0', images, log: (entry) => log.push(entry) });
});
afterAll(async () => {
  s3.destroy();
  await engine.close();
  await rm(directory, { recursive: true });
});

/** CloudFormation's event for a template whose Transform names the macro. */
const event = (fragment: object, templateParameterValues: object = {}, requestId = 'request-1') => ({
  region: 'us-east-1',
  accountId: '123456789012',
  fragment,
  transformId: '123456789012::BC2_Compiler',
  params: {},
  requestId,
  templateParameterValues,
});

const step = (name: string, fields: object = {}) => ({ [name]: { inputs: {}, commands: ['true'], ...fields } });
const template = (steps: readonly object[], fields: object = {}) => ({
  Repository: 's3://results/${job.SAMPLE}',
  Steps: steps,
  ...fields,
});

/** The message of a failed response. */
async function failure(fragment: object, parameters: object = {}): Promise<string> {
  const response = await macro(event(fragment, parameters));
  if (response.status !== 'failure') throw new Error('the macro succeeded');
  return response.errorMessage;
}

describe('the macro', () => {
  it('answers with the compiled stack, under the id of the request', async () => {
    const response = await macro(event(template([step('hello')], { Options: { versioned: 'true' } })));
    expect(response).toMatchObject({
      requestId: 'request-1',
      status: 'success',
      fragment: {
        Resources: {
          [`HelloJobDefinition${createHash('sha256').update('request-1').digest('hex').slice(0, 8)}`]: {
            Type: 'AWS::Batch::JobDefinition',
          },
          Launcher: { Properties: { Environment: { Variables: { DEPLOYMENT_ID: 'request-1' } } } },
        },
      },
    });
    expect(response.fragment).not.toHaveProperty('Transform');
    expect(response.fragment).not.toHaveProperty('Steps');
  });

  it('puts in the values of parameters, lists with commas, and passes the parameters through', async () => {
    const Parameters = { Tag: { Type: 'String' }, Names: { Type: 'CommaDelimitedList' } };
    const response = await macro(
      event(template([step('hello', { image: 'tool:${Tag}', commands: ['echo ${Names}'] })], { Parameters }), {
        Tag: '1.2',
        Names: ['a', 'b'],
      }),
    );
    expect(response).toMatchObject({ status: 'success', fragment: { Parameters } });
    const text = JSON.stringify(response.fragment);
    expect(text).toContain('tool:1.2');
    expect(text).toContain('echo a,b');
  });

  it('gives every deployment a version of its own', async () => {
    const versions = await Promise.all(
      ['request-1', 'request-2'].map(async (requestId) => {
        const { fragment } = await macro(
          event(template([step('hello')], { Options: { versioned: true } }), {}, requestId),
        );
        return JSON.stringify(fragment).match(/LauncherVersion[0-9a-f]{8}/)?.[0];
      }),
    );
    expect(versions[0]).toBeDefined();
    expect(versions[0]).not.toBe(versions[1]);
  });

  it('writes warnings to its log, where CloudFormation has no place for them', async () => {
    log.length = 0;
    await macro(event(template([step('hello', { image: 'tool:latest' })], { Options: { versioned: true } })));
    expect(log).toMatchObject([
      { level: 'info', requestId: 'request-1', outcome: 'success', diagnostics: [{ code: 'mutable-image' }] },
    ]);
  });

  it('puts digests in place of the tags of images, where the template wants it', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const registry = createServer((_request, response) => {
      response.writeHead(200, { 'docker-content-digest': digest }).end();
    });
    await new Promise<void>((done) => {
      registry.listen(0, '127.0.0.1', done);
    });
    const address = registry.address();
    const host = `127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
    const deploy = (pin_images: unknown) =>
      macro(event(template([step('hello', { image: `${host}/tool:1` })], { Options: { pin_images } })));
    const [pinned, unpinned] = await Promise.all([deploy('true'), deploy(false)]);
    registry.close();
    const imageOf = ({ fragment }: { fragment: object }) =>
      /127\.0\.0\.1:\d+\/tool[^"\\]*/.exec(JSON.stringify(fragment))?.[0];
    expect(imageOf(pinned)).toBe(`${host}/tool@${digest}`);
    expect(imageOf(unpinned)).toBe(`${host}/tool:1`);
  });

  it('stores a large definition once, under the digest of its bytes', async () => {
    const steps = Array.from({ length: 250 }, (_, index) => step(`step${index}`));
    const deploy = () => macro(event(template(steps)));
    const response = await deploy();
    expect(await deploy()).toEqual(response);
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: core.launcherBucket, Prefix: '__definitions__/' }),
    );
    expect(Versions).toHaveLength(1);
    const Key = Versions[0]?.Key ?? '';
    expect(JSON.stringify(response.fragment)).toContain(Key);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: core.launcherBucket, Key }));
    const body = (await Body?.transformToString()) ?? '';
    expect(Key).toBe(`__definitions__/${createHash('sha256').update(body).digest('hex')}`);
    expect(JSON.parse(body)).toMatchObject({ StartAt: 'Initialize' });
  });
});

describe('a template that the macro cannot compile', () => {
  it('is answered with everything that is wrong with it', async () => {
    const message = await failure(
      template([step('hello', { comands: ['x'], compute: { memory: 'much' } }), step('hello')]),
    );
    expect(message).toMatchSnapshot();
  });

  it('is answered with what the compiler finds', async () => {
    const message = await failure(template([step('hello')], { Repository: `s3://${core.launcherBucket}/x` }));
    expect(message).toContain('Repository: error repository-in-launcher-bucket');
  });

  it('is told so when it is no workflow but has resources', async () => {
    expect(await failure({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })).toMatchSnapshot();
  });

  it('is told so when it has neither Steps nor Resources', async () => {
    expect(await failure({ Repository: 's3://results/x' })).toContain('Steps');
  });

  it('gets as much of a long list as CloudFormation shows, and the way to the rest', async () => {
    const message = await failure(
      template(Array.from({ length: 80 }, (_, index) => step(`s${index}`, { nonsense: 1 }))),
    );
    expect(message.length).toBeLessThan(4000);
    expect(message).toContain('The workflow template has 80 errors');
    expect(message).toMatch(/Run `bclaw check` on the template to see everything\.$/);
  });

  it('is answered with the images that have no digest, and with what else is wrong', async () => {
    const message = await failure(
      template([step('hello', { image: '127.0.0.1:2/tool:1' })], {
        Options: { pin_images: true },
        Repository: `s3://${core.launcherBucket}/x`,
      }),
    );
    expect(message).toMatchSnapshot();
  });

  it('is not left half done when the definition cannot be stored', async () => {
    const elsewhere = createMacro({
      s3,
      core: { ...core, launcherBucket: 'no-such-bucket' },
      bclawVersion: '1.0.0',
      images,
      log: () => undefined,
    });
    const steps = Array.from({ length: 250 }, (_, index) => step(`step${index}`));
    expect(await elsewhere(event(template(steps)))).toMatchObject({
      status: 'failure',
      errorMessage: expect.stringMatching(/^The definition could not be stored: /),
    });
  });
});

describe('an event that is not of CloudFormation', () => {
  it.each([[undefined], [{}], [{ requestId: 'r', fragment: [] }]])('%j is refused', async (value) => {
    await expect(macro(value)).rejects.toThrow('The event is not one that CloudFormation sends to a macro.');
  });
});
