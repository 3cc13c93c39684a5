import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventBus } from '../../../src/kernel/event-bus.js';
import type { Journal } from '../../../src/kernel/journal.js';
import { type JournalOperation, JournalStore } from '../../../src/kernel/journal-store.js';
import type { EngineContext, Log, Service } from '../../../src/kernel/service.js';
import type { Operations } from '../../../src/operation.js';
import { createStatesServiceWith, type StatesOptions } from '../../../src/services/states/service.js';
import { type Handlers, operationsOf } from '../../operations.js';

const paths: string[] = [];
process.once('exit', () => {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
});

/** A path of its own for each engine; a folder is there only once an engine with many executions makes one. */
function temporaryPath(): string {
  const path = join(tmpdir(), `bclaw-states-test-${randomUUID()}`);
  paths.push(path);
  return path;
}

/** What an engine leaves behind: the lines of its journal, one for each turn of the event loop as in the real one. */
export class Disk {
  readonly lines: string[] = [];

  /** A journal over what is on the disk. */
  open(): Journal {
    let turn: JournalOperation[] = [];
    const flush = () => {
      if (turn.length > 0) this.lines.push(JSON.stringify(turn));
      turn = [];
    };
    const store = new JournalStore((operation) => {
      if (turn.length === 0) setImmediate(flush);
      // Serialised at once, as the real journal does.
      turn.push(JSON.parse(JSON.stringify(operation)));
    });
    for (const line of this.lines) {
      const operations: JournalOperation[] = JSON.parse(line);
      for (const operation of operations) store.restore(operation);
    }
    return {
      table: (name) => store.table(name),
      lists: (name) => store.lists(name),
      flush: async () => flush(),
      close: async () => flush(),
      whole: true,
    };
  }

  get bytes(): number {
    return this.lines.reduce((sum, line) => sum + line.length + 1, 0);
  }

  /** A copy as a crash would leave it after so many turns. */
  cut(turns: number): Disk {
    const copy = new Disk();
    copy.lines.push(...this.lines.slice(0, turns));
    return copy;
  }
}

const request = { requestId: 'test' };

/** A small engine: Step Functions, and what other services a test puts beside it. */
export class SmallEngine {
  readonly context: EngineContext;
  readonly states: Service;
  readonly errors: string[] = [];
  readonly #services = new Map<string, Operations>();

  constructor(
    options: {
      readonly disk?: Disk;
      readonly services?: (context: EngineContext) => Readonly<Record<string, Handlers>>;
      readonly states?: StatesOptions;
      readonly directory?: string;
    } = {},
  ) {
    const log: Log = {
      info: () => {},
      error: (message, fields) => this.errors.push(`${message} ${JSON.stringify(fields)}`),
    };
    const accountId = '123456789012';
    const region = 'us-east-1';
    this.context = {
      accountId,
      region,
      partition: 'aws',
      endpoint: 'http://127.0.0.1:1',
      directory: options.directory ?? temporaryPath(),
      journal: (options.disk ?? new Disk()).open(),
      events: createEventBus({ accountId, region, log }),
      log,
      call: (service, operation, input) => this.call(service, operation, input),
      inputOf: (service, operation) => this.#services.get(service)?.get(operation)?.input,
    };
    this.states = createStatesServiceWith(this.context, options.states ?? {});
    this.#services.set('states', this.states.operations);
    for (const [name, operations] of Object.entries(options.services?.(this.context) ?? {})) {
      this.#services.set(name, operationsOf(operations));
    }
    void this.states.start?.();
  }

  async call(service: string, operation: string, input: unknown): Promise<unknown> {
    const found = this.#services.get(service)?.get(operation);
    if (found === undefined) throw new Error(`no ${service}:${operation}`);
    return found.run(input, request);
  }

  // biome-ignore lint/suspicious/noExplicitAny: outputs have AWS's shapes, which the assertions read
  async sfn(operation: string, input: unknown): Promise<any> {
    return this.call('states', operation, input);
  }

  async create(definition: unknown, name = 'machine'): Promise<string> {
    const { stateMachineArn } = await this.sfn('CreateStateMachine', {
      name,
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::123456789012:role/states',
    });
    return stateMachineArn;
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const { executionArn } = await this.sfn('StartExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    });
    return executionArn;
  }

  /** Resolves with DescribeExecution once the execution is over. */
  async finished(executionArn: string) {
    const over = new Promise<void>((resolve) => {
      const unsubscribe = this.context.events.subscribe(({ detail, source }) => {
        if (source !== 'aws.states' || detail['executionArn'] !== executionArn || detail['status'] === 'RUNNING')
          return;
        unsubscribe();
        resolve();
      });
    });
    const now = await this.sfn('DescribeExecution', { executionArn });
    if (now.status === 'RUNNING') await over;
    return this.sfn('DescribeExecution', { executionArn });
  }

  /** Creates, starts and waits. */
  async run(definition: unknown, input: unknown = {}) {
    const executionArn = await this.start(
      await this.create(definition, `m${Math.random().toString(36).slice(2)}`),
      input,
    );
    return this.finished(executionArn);
  }

  async history(executionArn: string) {
    const { events } = await this.sfn('GetExecutionHistory', { executionArn, maxResults: 1000 });
    return events;
  }
}

/** A condition that the test waits for, up to five seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
