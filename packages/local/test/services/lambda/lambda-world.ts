import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { serviceFactories } from '../../../src/services/index.js';
import { createLambdaService } from '../../../src/services/lambda/service.js';
import { createLogsService } from '../../../src/services/logs/service.js';
import { createS3Service } from '../../../src/services/s3/service.js';
import { createSqsService } from '../../../src/services/sqs/service.js';
import { RunningEngine } from '../../running-engine.js';
import { zipOf } from './zip-of.js';

export const role = 'arn:aws:iam::123456789012:role/function';

/** Result of an invocation. */
export interface Answer {
  readonly version: string | undefined;
  readonly error: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the JSON that the test's own function returned
  readonly result: any;
  readonly log: string;
}

/** An engine with Lambda and the services that Lambda needs, and a client. */
export class LambdaWorld {
  readonly engine: RunningEngine;
  lambda: LambdaClient;

  private constructor(engine: RunningEngine) {
    this.engine = engine;
    this.lambda = new LambdaClient(engine.client);
  }

  static async start(): Promise<LambdaWorld> {
    const wanted: readonly unknown[] = [createS3Service, createSqsService, createLogsService, createLambdaService];
    return new LambdaWorld(await RunningEngine.start(serviceFactories.filter((create) => wanted.includes(create))));
  }

  /** Stops the engine and starts it again in the same directory. */
  async restart(): Promise<void> {
    await this.engine.close();
    await this.engine.open();
    this.lambda.destroy();
    this.lambda = new LambdaClient(this.engine.client);
  }

  async stop(): Promise<void> {
    this.lambda.destroy();
    await this.engine.dispose();
  }

  /** A function with the given source as `index.mjs`. */
  async create(name: string, source: string, more: Partial<CreateFunctionCommandInput> = {}) {
    return await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: role,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipOf({ 'index.mjs': source }) },
        ...more,
      }),
    );
  }

  /** Invokes a function and waits for its answer. */
  async invoke(name: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}): Promise<Answer> {
    const output = await this.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail', ...more }),
    );
    return {
      version: output.ExecutedVersion,
      error: output.FunctionError,
      result: JSON.parse(output.Payload?.transformToString() || 'null'),
      log: Buffer.from(output.LogResult ?? '', 'base64').toString('utf8'),
    };
  }
}
