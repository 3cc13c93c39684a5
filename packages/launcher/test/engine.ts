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
  SFNServiceException,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Engine, startEngine } from '@bclaw/local';

export const bucket = 'bayerclaw2-launcher-123456789012';

/** As Step Functions refuses a call for which the account has no tokens left. */
const throttled = () =>
  new SFNServiceException({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });

/** Ends immediately. */
const short = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
/** Runs longer than any test. */
const long = { StartAt: 'Work', States: { Work: { Type: 'Wait', Seconds: 3600, End: true } } };

/** A call that goes wrong. */
export interface Fault {
  /** Counts from 0, over S3 and Step Functions; for `throttled`, over StartExecution. */
  readonly call: number;
  /**
   * `before`, `after`: it does not return, before or after it took effect, as when the function is killed there. `lost`:
   * it took effect, and its answer is lost. `throttled`: Step Functions refuses to start an execution.
   */
  readonly when: 'before' | 'after' | 'lost' | 'throttled';
}

/** A queue of a test. */
export interface TestQueue {
  readonly url: string;
  readonly arn: string;
}

/** A message in the form of Lambda's event. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** The embedded engine with a launcher bucket, and queries for tests. */
export class Account {
  readonly #engine: Engine;
  readonly #directory: string;
  readonly sfn: SFNClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;

  private constructor(engine: Engine, directory: string) {
    this.#engine = engine;
    this.#directory = directory;
    this.sfn = new SFNClient(this.#client());
    this.s3 = new S3Client(this.#client());
    this.sqs = new SQSClient(this.#client());
  }

  static async open(): Promise<Account> {
    const directory = await mkdtemp(join(tmpdir(), 'bclaw-launcher-'));
    const account = new Account(await startEngine({ directory, openRoles: ['states'] }), directory);
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

  /** Clients of a function with a call that goes wrong, or none. */
  clients(fault?: Fault): { readonly sfn: SFNClient; readonly s3: S3Client } {
    if (fault === undefined) return { sfn: this.sfn, s3: this.s3 };
    let calls = 0;
    const sfn = new SFNClient(this.#client());
    const s3 = new S3Client(this.#client());
    const faulty =
      <Args, Result>(next: (args: Args) => Promise<Result>, { commandName }: { readonly commandName?: string }) =>
      async (args: Args): Promise<Result> => {
        if (fault.when === 'throttled' && commandName !== 'StartExecutionCommand') return await next(args);
        const here = calls++ === fault.call;
        if (here && fault.when === 'throttled') throw throttled();
        if (here && fault.when === 'before') throw new Error('killed');
        const result = await next(args);
        if (here && fault.when === 'lost') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        if (here) throw new Error('killed');
        return result;
      };
    sfn.middlewareStack.add(faulty, { step: 'initialize', name: 'faulty' });
    s3.middlewareStack.add(faulty, { step: 'initialize', name: 'faulty' });
    return { sfn, s3 };
  }

  async createQueue(QueueName: string): Promise<TestQueue> {
    const { QueueUrl: url = '' } = await this.sqs.send(new CreateQueueCommand({ QueueName }));
    return { url, arn: `arn:aws:sqs:us-east-1:123456789012:${QueueName}` };
  }

  async send({ url }: TestQueue, MessageBody: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  }

  /** The messages of a queue as Lambda's event has them. */
  async receive({ url, arn }: TestQueue): Promise<readonly QueueRecord[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.sqs.send(command);
    return Messages.map((message) => ({
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      body: message.Body ?? '',
      attributes: message.Attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
          name,
          { stringValue: StringValue, dataType: DataType },
        ]),
      ),
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
    }));
  }

  async remove({ url }: TestQueue, records: readonly QueueRecord[]): Promise<void> {
    for (const { receiptHandle } of records)
      await this.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
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
    this.sqs.destroy();
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
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
