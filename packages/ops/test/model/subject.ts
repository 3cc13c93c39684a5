import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
} from '@aws-sdk/client-sfn';
import { createLauncher, executionName, pinnedPrefix } from '@bclaw/launcher';
import { BclawError } from '@bclaw/spec';
import {
  type Clients,
  deploy,
  destroy,
  destroyClients,
  explainError,
  promote,
  prune,
  redriveDeadLetters,
  rollback,
} from '../../src/index.js';
import { type Around, type CutOff, cutOff, gate, Killed, patiently, surround } from './cut-off.js';
import type { EngineProcess } from './engine-process.js';
import { markedTemplate } from './template.js';

const account = 'arn:aws:states:us-east-1:123456789012';
const bucket = 'bayerclaw2-launcher-123456789012';
/** Longer than a launcher that hangs takes to be given up (a minute), and to be tried again. */
const patienceMs = 150_000;

interface Job {
  readonly key: string;
  readonly version: string;
  readonly name: string;
  /** Whether EventBridge delivers it; else only the model does. */
  readonly delivered: boolean;
}

/** One workflow in a real engine, what the model does to it, and what must hold of it. */
export class Subject {
  readonly workflow: string;
  readonly #engine: EngineProcess;
  /** Of the model itself, which waits while the engine is away. */
  readonly #clients: Clients;
  /** Of who operates the workflow. */
  readonly #operator: Clients;
  readonly #withRecords: boolean;
  #jobs: Job[] = [];
  #serial = 0;
  /** Which deployment each version is from, since the workflow was last made. */
  #marks = new Map<number, string>();
  #newest = 0;
  #slow: { readonly open: () => void; readonly done: Promise<unknown> }[] = [];

  constructor(engine: EngineProcess, workflow: string, options: { readonly launchRecords: boolean }) {
    this.#engine = engine;
    this.workflow = workflow;
    this.#clients = surround(engine.clients(), patiently(engine));
    this.#operator = engine.clients();
    this.#withRecords = options.launchRecords;
  }

  get jobCount(): number {
    return this.#jobs.length;
  }

  // What the model does

  async deploy(options: { readonly cut?: CutOff; readonly fault?: string } = {}): Promise<void> {
    const mark = `m${this.#serial++}`;
    if (options.fault !== undefined) this.#engine.fail(this.workflow, options.fault);
    await this.#attempt(options, (clients) =>
      deploy(clients, { workflow: this.workflow, template: markedTemplate(mark) }),
    );
    if (options.fault !== undefined) this.#engine.fail(this.workflow);
  }

  /** Puts a job file where EventBridge tells the launcher of it. */
  async submit(): Promise<void> {
    await this.#put(true);
  }

  /** Puts a job file where nobody tells the launcher of it; the model does, now or later. */
  async submitUndelivered(): Promise<void> {
    await this.#put(false);
  }

  async #put(delivered: boolean): Promise<void> {
    const name = `j${this.#serial++}`;
    const key = `${delivered ? '' : pinnedPrefix}${this.workflow}/${name}.json`;
    const Body = JSON.stringify({ id: `${this.workflow}/${name}` });
    const { VersionId = '' } = await this.#clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    this.#jobs.push({ key, version: VersionId, name: executionName(key, this.workflow, VersionId), delivered });
  }

  /** Delivers the event of a job file once more, to the version that is live, with a launcher that may be cut off. */
  async deliver(index: number, cut?: CutOff): Promise<void> {
    await this.#launch(index, cut === undefined ? undefined : cutOff(cut)).catch(tolerate);
  }

  /** Delivers it to a launcher that stops before a call, until {@link resume}. */
  deliverSlowly(index: number, call: number): void {
    const { around, open } = gate(call);
    this.#slow.push({ open, done: this.#launch(index, around).catch(tolerate) });
  }

  async resume(): Promise<void> {
    const slow = this.#slow.splice(0);
    for (const { open } of slow) open();
    await Promise.all(slow.map(({ done }) => done));
  }

  async rollback(cut?: CutOff): Promise<void> {
    await this.#attempt({ cut }, (clients) => rollback(clients, { workflow: this.workflow }));
  }

  async promote(back: number, cut?: CutOff): Promise<void> {
    const to = Math.max(1, this.#newest - back);
    await this.#attempt({ cut }, (clients) => promote(clients, { workflow: this.workflow, to }));
  }

  /** Lets an older version have a share of the jobs, as a gradual shift does. */
  async share(back: number, weight: number): Promise<void> {
    const live = await this.#live();
    const other = this.#newest - back;
    if (live === undefined || other < 1 || String(other) === live.FunctionVersion) return;
    await this.#clients.lambda
      .send(
        new UpdateAliasCommand({
          FunctionName: `${this.workflow}-launcher`,
          Name: 'live',
          RoutingConfig: { AdditionalVersionWeights: { [other]: weight } },
        }),
      )
      // Lambda refuses a version that there is no more.
      .catch(tolerate);
    await this.#unshareIncomplete();
  }

  async prune(keep: number, cut?: CutOff): Promise<void> {
    await this.#attempt({ cut }, (clients) => prune(clients, { workflow: this.workflow, keep, settleMs: 0 }));
  }

  /** Destroys the workflow once all of its jobs are through, and makes it anew. */
  async destroy(cut?: CutOff): Promise<void> {
    await this.settle();
    this.#jobs = [];
    await this.#attempt({ cut }, (clients) => destroy(clients, { workflow: this.workflow, settleMs: 0 }));
    await this.#clients.cloudFormation
      .send(new DescribeStacksCommand({ StackName: this.workflow }))
      .then(() => undefined)
      .catch(() => {
        this.#marks = new Map();
        this.#newest = 0;
      });
    await this.deploy();
    // From here on jobs may come: those that nobody is there for would be nobody's loss but the model's.
    if ((await this.#live()) === undefined) throw new Error(`${this.workflow} could not be made anew`);
  }

  async killEngine(): Promise<void> {
    await this.#engine.kill();
  }

  /**
   * Runs an operation, cut off or not; when it failed, runs it again, which must succeed or say why not. Whoever operates a
   * workflow while the engine is killed gets no answer, and asks again once it is back.
   */
  async #attempt(
    { cut }: { readonly cut?: CutOff | undefined },
    operation: (clients: Clients) => Promise<unknown>,
  ): Promise<void> {
    let failure = await this.#once(operation, cut);
    await this.#noteVersions();
    while (failure !== undefined) {
      await this.#engine.ready;
      const kills = this.#engine.kills;
      failure = await this.#once(operation, undefined);
      await this.#noteVersions();
      if (failure === undefined || this.#engine.kills === kills) break;
    }
    if (failure !== undefined) this.#mustExplain(failure);
  }

  async #once(operation: (clients: Clients) => Promise<unknown>, cut: CutOff | undefined): Promise<unknown> {
    const clients = cut === undefined ? this.#operator : surround(this.#engine.clients(), cutOff(cut));
    try {
      await operation(clients);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      if (cut !== undefined) destroyClients(clients);
    }
  }

  #mustExplain(error: unknown): void {
    const { code, message, remedy } = explainError(error);
    if (error instanceof BclawError && code !== 'unexpected' && remedy !== undefined) return;
    throw new Error(`An operation that was run again failed without saying why: ${code}: ${message}`, { cause: error });
  }

  async #launch(index: number, around?: Around): Promise<void> {
    const job = this.#jobs[index % Math.max(1, this.#jobs.length)];
    const live = await this.#live();
    if (job === undefined || live?.FunctionVersion === undefined) return;
    const [other] = Object.entries(live.RoutingConfig?.AdditionalVersionWeights ?? {});
    // Of two versions the model takes either in turn.
    const functionVersion = other !== undefined && this.#serial % 2 === 0 ? other[0] : live.FunctionVersion;
    const clients = around === undefined ? this.#operator : surround(this.#engine.clients(), around);
    const { sfn, s3 } = clients;
    const launcher = createLauncher({
      sfn,
      ...(this.#withRecords ? { s3 } : {}),
      config: { workflow: this.workflow, versioned: true },
      log: () => undefined,
    });
    try {
      await launcher(
        { bucket, key: job.key, version: job.version },
        {
          functionVersion,
          invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${this.workflow}-launcher:live`,
        },
      );
    } finally {
      if (around !== undefined) destroyClients(clients);
    }
  }

  // What must hold

  /** `live` names a version whose state machine takes jobs and whose job definitions are active, of the deployment that it is from. */
  async liveIsWhole(): Promise<void> {
    const live = await this.#live();
    if (live === undefined) return;
    const routed = [live.FunctionVersion ?? '', ...Object.keys(live.RoutingConfig?.AdditionalVersionWeights ?? {})];
    for (const version of routed) {
      const problem = await this.#problemOf(Number(version));
      if (problem === undefined) continue;
      // It may have been moved on in between.
      const now = await this.#live();
      if (now?.RevisionId !== live.RevisionId) return;
      throw new Error(`live of ${this.workflow} names version ${version}: ${problem}`);
    }
  }

  async #problemOf(version: number): Promise<string | undefined> {
    const name = `${this.workflow}--${version}`;
    const machine = await this.#clients.sfn
      .send(new DescribeStateMachineCommand({ stateMachineArn: `${account}:stateMachine:${name}:1` }))
      .catch((error: unknown) => nothingIf(error, 'StateMachineDoesNotExist'));
    if (machine?.status !== 'ACTIVE') return `its state machine is ${machine?.status ?? 'gone or closed'}`;
    const mark = this.#marks.get(version);
    const definition = machine.definition ?? '';
    if (mark !== undefined && !definition.includes(`"mark-${mark}"`)) return `it is not the deployment ${mark}`;
    const [arn = ''] = /arn:aws:batch:[^"]+:job-definition\/[^"]+/.exec(definition) ?? [];
    if (!arn.includes(`/${this.workflow}-work--${version}:`)) return `it runs ${arn}`;
    const { jobDefinitions } = await this.#clients.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitions: [arn] }),
    );
    const [job] = jobDefinitions ?? [];
    if (job?.status !== 'ACTIVE') return `${arn} is ${job?.status ?? 'gone'}`;
    if (mark !== undefined && !job.parameters?.['step']?.includes(`echo ${mark}"`)) return `${arn} is not of ${mark}`;
    return undefined;
  }

  /** Every accepted job file is one execution on one version, and has come through it as that version was deployed. */
  async settle(): Promise<void> {
    await this.resume();
    await this.#deliverRest();
    await this.liveIsWhole();
    for (const version of this.#marks.keys()) await this.#noteMark(version);
    for (const job of this.#jobs) await this.#cameThrough(job);
  }

  /** EventBridge and Lambda deliver until it works; what they give up, is redriven. */
  async #deliverRest(): Promise<void> {
    if ((await this.#live()) === undefined) await this.deploy();
    for (const [index, job] of this.#jobs.entries()) {
      if (job.delivered) continue;
      let failure: unknown;
      await this.#until(
        () => `the launch of ${job.name} (${String(failure)})`,
        () =>
          this.#launch(index).then(
            () => true,
            (error: unknown) => {
              failure = error;
              return false;
            },
          ),
      );
    }
    for (const job of this.#jobs) {
      if (!job.delivered) continue;
      let asked = 0;
      let diagnosis = '';
      await this.#until(
        () => `the start of ${job.name} (${diagnosis})`,
        async () => {
          if ((await this.#executionsOf(job)).length > 0) return true;
          asked += 1;
          if (asked % 40 === 0) await redriveDeadLetters(this.#clients, { workflow: this.workflow });
          if (asked % 100 === 0) diagnosis = await this.#diagnosis(job);
          return false;
        },
      );
    }
  }

  /** What a person would look at. */
  async #diagnosis({ name }: Job): Promise<string> {
    const Key = `__launches__/${this.workflow}/${name}.json`;
    const record = await this.#clients.s3
      .send(new GetObjectCommand({ Bucket: bucket, Key }))
      .then(({ Body }) => Body?.transformToString())
      .catch((error: unknown) => String(error));
    const FunctionName = `${this.workflow}-launcher`;
    const [live, { LoggingConfig }] = await Promise.all([
      this.#live(),
      this.#clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    ]);
    const { events = [] } = await this.#clients.logs
      .send(new FilterLogEventsCommand({ logGroupName: LoggingConfig?.LogGroup, limit: 50 }))
      .catch((error: unknown) => ({ events: [{ message: String(error) }] }));
    const log = events.map(({ message }) => message?.trim()).join(' | ');
    return `launch record: ${record}; live: ${live?.FunctionVersion}; kills: ${this.#engine.kills}; launcher: ${log}`;
  }

  async #cameThrough(job: Job): Promise<void> {
    const found = await this.#executionsOf(job);
    if (found.length !== 1) throw new Error(`${job.name} has ${found.length} executions: ${found.join(', ')}`);
    const [executionArn = ''] = found;
    const ended = await this.#until(`the end of ${executionArn}`, async () => {
      const execution = await this.#clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? false : execution;
    });
    if (ended.status !== 'SUCCEEDED') {
      throw new Error(`${executionArn} ${ended.status}: ${ended.error} ${ended.cause}`);
    }
    const input: unknown = JSON.parse(ended.input ?? '');
    const expected = { job_file: { bucket, key: job.key, version: job.version }, index: 'main' };
    if (JSON.stringify(input) !== JSON.stringify(expected)) throw new Error(`${executionArn} runs ${ended.input}`);
    const version = Number(/--(\d+):/.exec(executionArn)?.[1]);
    const { definition = '' } = await this.#clients.sfn.send(
      new DescribeStateMachineForExecutionCommand({ executionArn }),
    );
    const mark = this.#marks.get(version);
    if (mark === undefined || !definition.includes(`"mark-${mark}"`)) {
      throw new Error(`${executionArn} does not run the deployment ${mark} that became version ${version}`);
    }
    const jobDefinitions = definition.match(/job-definition\/[^"]+/g) ?? [];
    if (!jobDefinitions.every((name) => name.includes(`-work--${version}:`))) {
      throw new Error(`${executionArn} runs ${jobDefinitions.join(', ')}`);
    }
  }

  /** Also of versions that are pruned: Step Functions knows executions longer than their state machines. */
  async #executionsOf({ name }: Job): Promise<string[]> {
    const found: string[] = [];
    for (let version = 1; version <= this.#newest; version += 1) {
      const executionArn = `${account}:execution:${this.workflow}--${version}:${name}`;
      const execution = await this.#clients.sfn
        .send(new DescribeExecutionCommand({ executionArn }))
        .catch((error: unknown) => nothingIf(error, 'ExecutionDoesNotExist'));
      if (execution !== undefined) found.push(executionArn);
    }
    return found;
  }

  /** Notes which deployment a new version is from. */
  async #noteVersions(): Promise<void> {
    await this.#until(`the stack ${this.workflow}`, async () => {
      const { Stacks } = await this.#clients.cloudFormation
        .send(new DescribeStacksCommand({ StackName: this.workflow }))
        .catch((error: unknown) => nothingIf(error, 'ValidationError') ?? { Stacks: [] });
      return Stacks?.[0]?.StackStatus?.match(/^(?!REVIEW).*_IN_PROGRESS$/) == null;
    });
    const listed = await this.#clients.lambda
      .send(new ListVersionsByFunctionCommand({ FunctionName: `${this.workflow}-launcher` }))
      .catch((error: unknown) => nothingIf(error, 'ResourceNotFoundException'));
    for (const published of listed?.Versions ?? []) {
      const version = Number(published.Version);
      if (Number.isInteger(version) && !this.#marks.has(version)) await this.#noteMark(version);
    }
  }

  /** Notes the deployment that a version is from; once noted, it must stay the same. */
  async #noteMark(version: number): Promise<void> {
    const stateMachineArn = `${account}:stateMachine:${this.workflow}--${version}`;
    const machine = await this.#clients.sfn
      .send(new DescribeStateMachineCommand({ stateMachineArn }))
      .catch((error: unknown) => nothingIf(error, 'StateMachineDoesNotExist'));
    const [, mark] = /"mark-(m\d+)"/.exec(machine?.definition ?? '') ?? [];
    if (mark === undefined) return;
    this.#newest = Math.max(this.#newest, version);
    const known = this.#marks.get(version);
    if (known !== undefined && known !== mark) throw new Error(`version ${version} was ${known} and is ${mark}`);
    this.#marks.set(version, mark);
  }

  async #live() {
    return await this.#clients.lambda
      .send(new GetAliasCommand({ FunctionName: `${this.workflow}-launcher`, Name: 'live' }))
      .catch((error: unknown) => nothingIf(error, 'ResourceNotFoundException'));
  }

  /** The model, unlike `promote`, does not look before it gives an older version a share of the jobs. */
  async #unshareIncomplete(): Promise<void> {
    const live = await this.#live();
    const [other] = Object.keys(live?.RoutingConfig?.AdditionalVersionWeights ?? {});
    if (other === undefined || (await this.#problemOf(Number(other))) === undefined) return;
    await this.#clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: `${this.workflow}-launcher`,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
  }

  /** Asks until the answer is something. */
  async #until<T>(what: string | (() => string), ask: () => Promise<T | false>): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (let wait = 50; ; wait = Math.min(wait * 1.5, 400)) {
      const answer = await ask();
      if (answer !== false) return answer;
      if (Date.now() > deadline) {
        throw new Error(`${typeof what === 'string' ? what : what()}: not within ${patienceMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Takes everything away. */
  async close(): Promise<void> {
    await destroy(this.#clients, { workflow: this.workflow, settleMs: 0, stopRunning: true }).catch(() => undefined);
    destroyClients(this.#clients);
    destroyClients(this.#operator);
  }
}

/** A launcher that fails is tried again: by EventBridge, by Lambda, or from the dead letters. */
function tolerate(error: unknown): void {
  if (error instanceof Killed || error instanceof Error) return;
  throw error;
}

function nothingIf(error: unknown, name: string): undefined {
  if (error instanceof Error && error.name === name) return undefined;
  throw error;
}
