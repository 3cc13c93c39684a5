import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Engine, startEngine } from '@bclaw/local';

/** The embedded engine with the buckets that a job needs: `launcher`, versioned, and `results`. */
export class World {
  readonly s3: S3Client;
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.s3 = new S3Client({
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      forcePathStyle: true,
    });
  }

  static async create(): Promise<World> {
    const engine = await startEngine({ directory: await mkdtemp(join(tmpdir(), 'bclaw-functions-')) });
    const world = new World(engine);
    for (const bucket of ['launcher', 'results']) await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await world.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'launcher', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    return world;
  }

  /** Writes an object of the launcher bucket; returns its version. */
  async putJob(key: string, body: string | Uint8Array): Promise<string> {
    const { VersionId: version = '' } = await this.s3.send(
      new PutObjectCommand({ Bucket: 'launcher', Key: key, Body: body }),
    );
    return version;
  }

  async read(bucket: string, key: string): Promise<Uint8Array> {
    const { Body: body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  }

  async readText(bucket: string, key: string): Promise<string> {
    return new TextDecoder().decode(await this.read(bucket, key));
  }

  async tags(bucket: string, key: string): Promise<Record<string, string>> {
    const { TagSet: tags = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    return Object.fromEntries(tags.map(({ Key: name = '', Value: value = '' }) => [name, value]));
  }

  async keys(bucket: string): Promise<string[]> {
    const { Contents: contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return contents.map(({ Key: key = '' }) => key);
  }

  async close(): Promise<void> {
    this.s3.destroy();
    await this.#engine.close();
    await rm(this.#engine.directory, { recursive: true, force: true });
  }
}
