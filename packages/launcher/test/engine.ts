import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Engine, startEngine } from '@bclaw/local';

export const bucket = 'bayerclaw2-launcher-123456789012';

/** Ends immediately. */
const short = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
/** Runs longer than any test. */
const long = { StartAt: 'Work', States: { Work: { Type: 'Wait', Seconds: 3600, End: true } } };

/** A call that does not return, before or after it took effect, as when the function is killed there. */
export interface Crash {
  /** Counts from 0, over S3 and Step Functions. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** The embedded engine with a launcher bucket, and queries for tests. */
export class Account {
  readonly #engine: Engine;
  readonly #directory: string;
  readonly sfn: SFNClient;
  readonly s3: S3Client;

  private constructor(engine: Engine, directory: string) {
    this.#engine = engine;
    this.#directory = directory;
    this.sfn = new SFNClient(this.#client());
    this.s3 = new S3Client(this.#client());
  }

  static async open(): Promise<Account> {
    const directory = await mkdtemp(join(tmpdir(), 'bclaw-launcher-'));
    const account = new Account(await startEngine({ directory }), directory);
    await account.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await account.s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    return account;
  }

  #client() {
    return {
      endpoint: this.#engine.url,
      region: this.#engine.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    };
  }

  /** Clients of a function that is killed at a call, or never. */
  clients(crash?: Crash): { readonly sfn: SFNClient; readonly s3: S3Client } {
    if (crash === undefined) return { sfn: this.sfn, s3: this.s3 };
    let calls = 0;
    const sfn = new SFNClient(this.#client());
    const s3 = new S3Client(this.#client());
    const killed =
      <Args, Result>(next: (args: Args) => Promise<Result>) =>
      async (args: Args): Promise<Result> => {
        const here = calls++ === crash.call;
        if (here && crash.when === 'before') throw new Error('killed');
        const result = await next(args);
        if (here) throw new Error('killed');
        return result;
      };
    sfn.middlewareStack.add(killed, { step: 'initialize', name: 'killed' });
    s3.middlewareStack.add(killed, { step: 'initialize', name: 'killed' });
    return { sfn, s3 };
  }

  async createStateMachine(name: string, kind: 'short' | 'long' = 'long'): Promise<void> {
    await this.sfn.send(
      new CreateStateMachineCommand({
        name,
        roleArn: 'arn:aws:iam::123456789012:role/states',
        definition: JSON.stringify(kind === 'short' ? short : long),
        // As in the compiled stack, the launcher starts executions through the published version.
        publish: true,
      }),
    );
  }

  /** Prevents new executions; running ones continue. */
  async closeStateMachine(name: string): Promise<void> {
    await this.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${stateMachineArn(name)}:1` }));
  }

  async deleteStateMachine(name: string): Promise<void> {
    await this.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: stateMachineArn(name) }));
    await until(async () => !(await this.#stateMachines()).includes(name));
  }

  async #stateMachines(): Promise<readonly string[]> {
    const { stateMachines = [] } = await this.sfn.send(new ListStateMachinesCommand({}));
    return stateMachines.map(({ name }) => name ?? '');
  }

  /** `<state machine>/<execution>` of every execution whose name has this prefix. */
  async executions(prefix = ''): Promise<readonly string[]> {
    const found = await Promise.all(
      (await this.#stateMachines()).map(async (machine) => {
        const { executions = [] } = await this.sfn.send(
          new ListExecutionsCommand({ stateMachineArn: stateMachineArn(machine) }),
        );
        return executions
          .map(({ name = '' }) => name)
          .filter((name) => name.startsWith(prefix))
          .map((name) => `${machine}/${name}`);
      }),
    );
    return found.flat().sort();
  }

  async inputOf(executionArn: string): Promise<unknown> {
    const { input } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return JSON.parse(input ?? '');
  }

  async ended(executionArn: string): Promise<void> {
    await until(async () => {
      const { status } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'SUCCEEDED';
    });
  }

  async object(key: string): Promise<unknown> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  }

  async close(): Promise<void> {
    this.sfn.destroy();
    this.s3.destroy();
    await this.#engine.close();
    await rm(this.#directory, { recursive: true });
  }
}

const stateMachineArn = (name: string): string => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;

/** Lambda's context for version N of the launcher, invoked through its alias. */
export const invocation = (workflow: string, functionVersion: string) => ({
  functionVersion,
  invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${workflow}-launcher:live`,
});

/** EventBridge's event for an upload. */
export const objectCreated = (key: string, version: string) => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2026-11-12T00:00:00Z',
  region: 'us-east-1',
  resources: [`arn:aws:s3:::${bucket}`],
  detail: {
    version: '0',
    bucket: { name: bucket },
    object: {
      key,
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': version,
      sequencer: '617f08299329d189',
    },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    'source-ip-address': '1.2.3.4',
    reason: 'PutObject',
  },
});

/** Polls until a condition is true. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
