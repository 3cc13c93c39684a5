import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, DescribeStateMachineForExecutionCommand } from '@aws-sdk/client-sfn';
import { createLauncher, executionName } from '@bclaw/launcher';
import { BclawError } from '@bclaw/spec';
import { submittedFolder } from '@bclaw/spec/contract';
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
import { Evidence } from './evidence.js';
import { KnownVersions } from './known-versions.js';
import { markedTemplate, releaseBucket, releaseKey } from './template.js';
import { until } from './until.js';

const bucket = 'bayerclaw2-launcher-123456789012';

interface Job {
  readonly key: string;
  readonly version: string;
  readonly name: string;
  /** True when EventBridge delivers it; otherwise only the model does. */
  readonly delivered: boolean;
}

/** One workflow in a real engine, the model's actions on it, and its invariants. */
export class Subject {
  readonly workflow: string;
  readonly #engine: EngineProcess;
  /** Clients of the model itself, which waits while the engine is down. */
  readonly #clients: Clients;
  /** Clients of the workflow's operator. */
  readonly #operator: Clients;
  readonly #evidence: Evidence;
  readonly #versions: KnownVersions;
  readonly #withRecords: boolean;
  readonly #jobs: Job[] = [];
  #serial = 0;
  #slow: { readonly open: () => void; readonly done: Promise<unknown> }[] = [];

  constructor(engine: EngineProcess, workflow: string, options: { readonly launchRecords: boolean }) {
    this.#engine = engine;
    this.workflow = workflow;
    this.#clients = surround(engine.clients(), patiently(engine));
    this.#operator = engine.clients();
    this.#evidence = new Evidence(this.#clients, workflow);
    this.#versions = new KnownVersions(this.#clients, this.#evidence);
    this.#withRecords = options.launchRecords;
  }

  /** See {@link KnownVersions.liveIsWhole}. */
  async liveIsWhole(): Promise<void> {
    await this.#versions.liveIsWhole();
  }

  // Actions of the model

  /**
   * @param options.fault an operation that creates a resource and that fails
   * @param options.held an operation that takes so long that missing waits show
   */
  async deploy(
    options: { readonly cut?: CutOff; readonly fault?: string | undefined; readonly held?: string } = {},
  ): Promise<void> {
    const mark = `m${this.#serial++}`;
    const whole = this.#versions.whole;
    const before = options.fault === undefined ? undefined : await this.#versions.shape();
    const { kills } = this.#engine;
    if (options.fault !== undefined) this.#engine.fail(this.workflow, options.fault);
    let looked: Promise<unknown> = Promise.resolve();
    if (options.held !== undefined) {
      this.#engine.hold(this.workflow, options.held, () => {
        looked = this.#lookRepeatedly().finally(() => this.#engine.obeyNoMore(this.workflow));
      });
    }
    await this.#versions.whileLiveIsWhole(
      this.#attempt(
        { cut: options.cut, changesStack: true },
        (clients) => deploy(clients, { workflow: this.workflow, template: markedTemplate(mark) }),
        async () => {
          // If the engine was killed meanwhile, the progress is unknown.
          if (before === undefined || kills !== this.#engine.kills) return;
          const after = await this.#versions.shape();
          if (after !== before) throw new Error(`A deployment that failed made of ${before} this: ${after}`);
        },
      ),
    );
    if (options.fault !== undefined || options.held !== undefined) this.#engine.obeyNoMore(this.workflow);
    const seen = await looked;
    if (seen !== undefined) throw seen;
    await this.#versions.stayWhole(whole);
    await this.#versions.noteWhole(this.#versions.newest);
  }

  /** Checks `live` for as long as another resource of the deployment would take. @returns the violation, if any */
  async #lookRepeatedly(): Promise<unknown> {
    try {
      for (const waitMs of [0, 100, 300]) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        await this.#versions.liveIsWhole();
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Puts a job file where EventBridge notifies the launcher. */
  async submit(): Promise<void> {
    await this.#put({ delivered: true });
  }

  /** Puts a job file where no event reaches the launcher; the model delivers it, now or later. */
  async submitUndelivered(): Promise<void> {
    await this.#put({ delivered: false });
  }

  async #put({ delivered, held = false }: { readonly delivered: boolean; readonly held?: boolean }): Promise<Job> {
    const file = `j${this.#serial++}`;
    const key = `${delivered ? '' : `${submittedFolder}/`}${this.workflow}/${file}.json`;
    const Body = JSON.stringify({ id: `${this.workflow}/${file}` });
    const { VersionId = '' } = await this.#clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    const job = { key, version: VersionId, name: executionName(key, this.workflow, VersionId), delivered };
    this.#jobs.push(job);
    if (!held) await this.#release(job);
    return job;
  }

  /** Lets a job run to its end. */
  async #release({ name }: Job): Promise<void> {
    await this.#clients.s3.send(new PutObjectCommand({ Bucket: releaseBucket, Key: releaseKey(name), Body: name }));
  }

  /** Delivers the event of a job file again, to the live version, with a launcher that may be cut off. */
  async deliver(index: number, cut?: CutOff): Promise<void> {
    await this.#launch(index, cut === undefined ? undefined : cutOff(cut)).catch(tolerate);
  }

  /** Delivers it to a launcher that pauses before a call, until {@link resume}. */
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
    const whole = this.#versions.whole;
    await this.#attempt({ cut }, (clients) => rollback(clients, { workflow: this.workflow }));
    await this.#versions.stayWhole(whole);
  }

  async promote(back: number, cut?: CutOff): Promise<void> {
    const to = Math.max(1, this.#versions.newest - back);
    await this.#attempt({ cut }, (clients) => promote(clients, { workflow: this.workflow, to }));
  }

  /** Gives an older version a share of the jobs, as a gradual shift does. */
  async share(back: number, weight: number): Promise<void> {
    const live = await this.#evidence.live();
    const other = this.#versions.newest - back;
    if (live === undefined || other < 1 || String(other) === live.FunctionVersion) return;
    await this.#clients.lambda
      .send(
        new UpdateAliasCommand({
          FunctionName: `${this.workflow}-launcher`,
          Name: 'live',
          RoutingConfig: { AdditionalVersionWeights: { [other]: weight } },
        }),
      )
      // Lambda rejects a version that no longer exists.
      .catch(tolerate);
    await this.#unshareIncomplete();
  }

  async prune(keep: number, cut?: CutOff): Promise<void> {
    this.#versions.forgetWhole();
    await this.#versions.whileLiveIsWhole(
      this.#attempt({ cut }, (clients) => prune(clients, { workflow: this.workflow, keep, settleMs: 0 })),
    );
    this.#versions.forgetWhole();
    await this.#versions.noteWhole(...this.#versions.all);
    await this.#versions.newestIsThere();
  }

  /**
   * Prunes after a deployment while a job of the previous version runs, and keeps that job running until the prune is
   * done.
   */
  async pruneOverJob(): Promise<void> {
    const job = await this.#put({ delivered: false, held: true });
    try {
      await this.deliver(this.#jobs.indexOf(job));
      await this.deploy();
      await this.prune(1);
    } finally {
      await this.#release(job);
    }
  }

  /** Destroys the workflow once all of its jobs have ended, and creates it again. */
  async destroy({
    cut,
    fault,
  }: {
    readonly cut: CutOff | undefined;
    readonly fault: string | undefined;
  }): Promise<void> {
    await this.settle();
    this.#versions.forgetWhole();
    await this.#attempt({ cut, changesStack: true }, (clients) =>
      destroy(clients, { workflow: this.workflow, settleMs: 0 }),
    );
    if ((await this.#evidence.stack()) === undefined) {
      this.#versions.forget();
    }
    await this.deploy({ fault });
    // From here on job files may arrive; before, they would have had no launcher.
    if ((await this.#evidence.live()) === undefined) throw new Error(`${this.workflow} could not be made anew`);
  }

  async killEngine(): Promise<void> {
    await this.#engine.kill();
  }

  /**
   * Runs an operation, cut off or not; after a failure, runs it again, which must succeed or return a reason. An
   * operator whose engine is killed gets no response, and retries once the engine is back.
   *
   * @param options.changesStack true when the stack may still be working afterwards and may have created versions
   */
  async #attempt(
    { cut, changesStack = false }: { readonly cut?: CutOff | undefined; readonly changesStack?: boolean },
    operation: (clients: Clients) => Promise<unknown>,
    whenFailed: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const noteVersions = async () => (changesStack ? await this.#versions.noteVersions() : undefined);
    let failure = await this.#once(operation, cut);
    await noteVersions();
    if (failure !== undefined) await whenFailed();
    while (failure !== undefined) {
      await this.#engine.ready;
      const kills = this.#engine.kills;
      failure = await this.#once(operation, undefined);
      await noteVersions();
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
    const { code, message, hint } = explainError(error);
    if (error instanceof BclawError && code !== 'unexpected' && hint !== undefined) return;
    throw new Error(`An operation that was run again failed without saying why: ${code}: ${message}`, { cause: error });
  }

  async #launch(index: number, around?: Around): Promise<void> {
    const job = this.#jobs[index % Math.max(1, this.#jobs.length)];
    const live = await this.#evidence.live();
    if (job === undefined || live?.FunctionVersion === undefined) return;
    const [other] = Object.entries(live.RoutingConfig?.AdditionalVersionWeights ?? {});
    // With two versions, the model takes them in turn.
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

  // Invariants

  /** Every accepted job file is one execution on one version, and has run that version's deployed definition. */
  async settle(): Promise<void> {
    await this.resume();
    await this.#deliverRest();
    await this.#versions.liveIsWhole();
    for (const version of this.#versions.all) await this.#versions.noteMark(version);
    for (const job of this.#jobs.splice(0)) await this.#cameThrough(job);
  }

  /** EventBridge and Lambda retry the delivery; dead letters are redriven. */
  async #deliverRest(): Promise<void> {
    if ((await this.#evidence.live()) === undefined) await this.deploy();
    for (const [index, job] of this.#jobs.entries()) {
      if (job.delivered) continue;
      let failure: unknown;
      await until(
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
      await until(
        () => `the start of ${job.name} (${diagnosis})`,
        async () => {
          if ((await this.#evidence.executionsOf(job.name, this.#versions.newest)).length > 0) return true;
          asked += 1;
          if (asked % 40 === 0) await redriveDeadLetters(this.#clients, { workflow: this.workflow });
          if (asked % 100 === 0) diagnosis = await this.#diagnosis(job);
          return false;
        },
      );
    }
  }

  /** The state that a person would inspect. */
  async #diagnosis({ name }: Job): Promise<string> {
    const Key = `__launches__/${this.workflow}/${name}.json`;
    const record = await this.#clients.s3
      .send(new GetObjectCommand({ Bucket: bucket, Key }))
      .then(({ Body }) => Body?.transformToString())
      .catch((error: unknown) => String(error));
    const FunctionName = `${this.workflow}-launcher`;
    const [live, { LoggingConfig }] = await Promise.all([
      this.#evidence.live(),
      this.#clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    ]);
    const { events = [] } = await this.#clients.logs
      .send(new FilterLogEventsCommand({ logGroupName: LoggingConfig?.LogGroup, limit: 50 }))
      .catch((error: unknown) => ({ events: [{ message: String(error) }] }));
    const log = events.map(({ message }) => message?.trim()).join(' | ');
    return `launch record: ${record}; live: ${live?.FunctionVersion}; kills: ${this.#engine.kills}; launcher: ${log}`;
  }

  async #cameThrough(job: Job): Promise<void> {
    const found = await this.#evidence.executionsOf(job.name, this.#versions.newest);
    if (found.length !== 1) throw new Error(`${job.name} has ${found.length} executions: ${found.join(', ')}`);
    const [executionArn = ''] = found;
    const ended = await until(`the end of ${executionArn}`, async () => {
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
    const mark = this.#versions.markOf(version);
    if (mark === undefined || !definition.includes(`"mark-${mark}"`)) {
      throw new Error(`${executionArn} does not run the deployment ${mark} that became version ${version}`);
    }
    const jobDefinitions = definition.match(/job-definition\/[^"]+/g) ?? [];
    if (!jobDefinitions.every((name) => name.includes(`-work--${version}:`))) {
      throw new Error(`${executionArn} runs ${jobDefinitions.join(', ')}`);
    }
  }

  /** Unlike `promote`, the model does not check an older version before it gives it a share of the jobs. */
  async #unshareIncomplete(): Promise<void> {
    const live = await this.#evidence.live();
    const [other] = Object.keys(live?.RoutingConfig?.AdditionalVersionWeights ?? {});
    if (other === undefined || (await this.#versions.problemOf(Number(other))) === undefined) return;
    await this.#clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: `${this.workflow}-launcher`,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
  }

  /** Deletes everything. After a successful run this must work and leave nothing behind. */
  async close({ wasWell }: { readonly wasWell: boolean }): Promise<void> {
    try {
      const options = { workflow: this.workflow, settleMs: 0, stopRunning: true };
      await this.#attempt({ changesStack: true }, (clients) => destroy(clients, options)).catch((error: unknown) => {
        if (wasWell) throw error;
      });
      const left = wasWell ? await this.#evidence.resources() : [];
      if (left.length > 0) throw new Error(`${this.workflow} was destroyed, and left ${left.join(', ')}`);
    } finally {
      destroyClients(this.#clients);
      destroyClients(this.#operator);
    }
  }
}

/** A failed launcher is retried: by EventBridge, by Lambda, or from the dead letters. */
function tolerate(error: unknown): void {
  if (error instanceof Killed || error instanceof Error) return;
  throw error;
}
