import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createEventBus } from '../../../src/kernel/event-bus.js';
import type { Journal } from '../../../src/kernel/journal.js';
import { openJournal } from '../../../src/kernel/journal-file.js';
import type { AwsEvent, EngineContext, Log } from '../../../src/kernel/service.js';
import { createS3Service, type S3Service } from '../../../src/services/s3/service.js';
import { Bodies, usualBodyLimits } from '../../../src/wire/bodies.js';
import type { Gate } from '../../../src/wire/server.js';

/** Lets every call through: who may call what is the engine's business. */
const everyone: Gate = {
  caller: { kind: 'administrator' },
  admit: () => {},
  shown: (_operation, _input, error) => error,
};

/** The engine's S3 behind a plain HTTP server, with the real journal in a separate directory. */
export class S3Server {
  readonly directory: string;
  readonly events: AwsEvent[] = [];
  readonly errors: string[] = [];
  readonly #region: string;
  readonly #clients: S3Client[] = [];
  #server: Server | undefined;
  #journal: Journal | undefined;
  #service: S3Service | undefined;
  #port = 0;

  constructor(options: { readonly region?: string; readonly directory?: string } = {}) {
    this.#region = options.region ?? 'us-east-1';
    this.directory = options.directory ?? mkdtempSync(join(tmpdir(), 'bclaw-s3-'));
  }

  /** `http://127.0.0.1:port` */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get service(): S3Service {
    if (this.#service === undefined) throw new Error('start the server first');
    return this.#service;
  }

  get journal(): Journal {
    if (this.#journal === undefined) throw new Error('start the server first');
    return this.#journal;
  }

  async start(): Promise<void> {
    const journal = await openJournal(join(this.directory, 'journal'));
    this.#journal = journal;
    const log: Log = {
      info: () => {},
      error: (message, fields) => this.errors.push(JSON.stringify({ message, fields })),
    };
    const identity = { accountId: '123456789012', region: this.#region };
    const events = createEventBus({ ...identity, log });
    events.subscribe((event) => this.events.push(event));
    const context: EngineContext = {
      ...identity,
      partition: 'aws',
      endpoint: 'http://127.0.0.1:0',
      directory: this.directory,
      journal,
      events,
      log,
      call: () => {
        throw new Error('S3 calls no other service');
      },
    };
    const service = createS3Service(context);
    this.#service = service;
    await service.start?.();
    const bodies = new Bodies(usualBodyLimits);
    this.#server = createServer((request, response) => {
      const handled = service.handle(request, response, { kind: 'header', service: 's3' }, everyone, bodies);
      void handled.then(() => bodies.drop(request));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Stops like the engine; the files are kept for another start. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    server.close();
    await this.#journal?.close();
  }

  /** Stops and deletes the files. */
  async dispose(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  client(options: S3ClientConfig = {}): S3Client {
    const client = new S3Client({
      endpoint: this.url,
      region: this.#region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      forcePathStyle: true,
      maxAttempts: 1,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }
}

/** The error code with which the AWS SDK rejects a promise. */
export async function failure(promise: Promise<unknown>): Promise<{ readonly code: string; readonly status: number }> {
  try {
    await promise;
  } catch (error) {
    const code = error instanceof Error ? error.name : String(error);
    const metadata: unknown = Reflect.get(Object(error), '$metadata');
    return { code, status: Number(Reflect.get(Object(metadata), 'httpStatusCode')) };
  }
  throw new Error('the call succeeded');
}
