import { ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { workflowOutputs } from '@bclaw/compiler';
import type { Clients } from '../../src/index.js';
import { account, type Evidence, nothingIf } from './evidence.js';
import { until } from './until.js';

/** The model's observations of a workflow's versions, and their invariants. */
export class KnownVersions {
  readonly #clients: Clients;
  readonly #evidence: Evidence;
  /** The deployment of each version, since the workflow was last created. */
  #marks = new Map<number, string>();
  #newest = 0;
  /** Versions that could take jobs at the last check and that no clean-up deletes: they must stay as they are. */
  readonly #whole = new Set<number>();

  constructor(clients: Clients, evidence: Evidence) {
    this.#clients = clients;
    this.#evidence = evidence;
  }

  /** The greatest version number so far. */
  get newest(): number {
    return this.#newest;
  }

  get all(): readonly number[] {
    return [...this.#marks.keys()];
  }

  get whole(): readonly number[] {
    return [...this.#whole];
  }

  /** The deployment of a version. */
  markOf(version: number): string | undefined {
    return this.#marks.get(version);
  }

  /** From here on a clean-up may delete versions. */
  forgetWhole(): void {
    this.#whole.clear();
  }

  /** The workflow is gone; the version numbers may start again. */
  forget(): void {
    this.#marks = new Map();
    this.#newest = 0;
  }

  /** The state that a failed deployment must not change. */
  async shape(): Promise<string> {
    const [live, resources] = await Promise.all([this.#evidence.live(), this.#evidence.resources()]);
    return JSON.stringify([live?.FunctionVersion, live?.RoutingConfig?.AdditionalVersionWeights ?? {}, resources]);
  }

  /** A deployment and a rollback remove nothing from any version. */
  async stayWhole(versions: readonly number[]): Promise<void> {
    for (const version of versions) {
      const problem = this.#whole.has(version) ? await this.problemOf(version) : undefined;
      if (problem !== undefined && this.#whole.has(version)) {
        throw new Error(
          `version ${version} of ${this.#evidence.workflow} was whole, and nobody cleaned it up: ${problem}`,
        );
      }
    }
  }

  async noteWhole(...versions: number[]): Promise<void> {
    for (const version of versions) if ((await this.problemOf(version)) === undefined) this.#whole.add(version);
  }

  /**
   * Checks `live` repeatedly while an action runs: it must never name a version that does not exist yet or any more.
   */
  async whileLiveIsWhole(done: Promise<void>): Promise<void> {
    let over = false;
    const watch = async () => {
      while (!over) {
        const began = Date.now();
        await this.liveIsWhole();
        // Most of the time is left for the action.
        await new Promise((resolve) => setTimeout(resolve, Math.max(100, 4 * (Date.now() - began))));
      }
    };
    await Promise.all([watch(), done.finally(() => (over = true))]);
  }

  /**
   * `live` names a version whose state machine takes jobs, whose job definitions are active, and whose deployment
   * matches.
   */
  async liveIsWhole(): Promise<void> {
    const live = await this.#evidence.live();
    if (live === undefined) return;
    const routed = [live.FunctionVersion ?? '', ...Object.keys(live.RoutingConfig?.AdditionalVersionWeights ?? {})];
    for (const version of routed) {
      const problem = await this.problemOf(Number(version));
      if (problem === undefined) continue;
      // It may have moved meanwhile.
      const now = await this.#evidence.live();
      if (now?.RevisionId !== live.RevisionId) return;
      throw new Error(`live of ${this.#evidence.workflow} names version ${version}: ${problem}`);
    }
  }

  problemOf(version: number): Promise<string | undefined> {
    return this.#evidence.problemOf(version, this.#marks.get(version));
  }

  /** The newest deployed version is never deleted, even when it is not live. */
  async newestIsThere(): Promise<void> {
    const before = await this.#evidence.stack();
    const newest = before?.Outputs?.find(({ OutputKey }) => OutputKey === workflowOutputs.workflowVersion)?.OutputValue;
    const problem = newest === undefined ? undefined : await this.problemOf(Number(newest));
    if (problem === undefined) return;
    const after = await this.#evidence.stack();
    if (after?.LastUpdatedTime?.getTime() !== before?.LastUpdatedTime?.getTime()) return;
    if (before?.StackStatus?.endsWith('_IN_PROGRESS') === true) return;
    throw new Error(
      `version ${newest} of ${this.#evidence.workflow} was deployed last, and has been cleaned up: ${problem}`,
    );
  }

  /** Records the deployment of a new version. */
  async noteVersions(): Promise<void> {
    await until(`the stack ${this.#evidence.workflow}`, async () => {
      const stack = await this.#evidence.stack();
      return stack?.StackStatus?.match(/^(?!REVIEW).*_IN_PROGRESS$/) == null;
    });
    const listed = await this.#clients.lambda
      .send(new ListVersionsByFunctionCommand({ FunctionName: `${this.#evidence.workflow}-launcher` }))
      .catch((error: unknown) => nothingIf(error, 'ResourceNotFoundException'));
    for (const published of listed?.Versions ?? []) {
      const version = Number(published.Version);
      if (Number.isInteger(version) && !this.#marks.has(version)) await this.noteMark(version);
    }
  }

  /** Records the deployment of a version; it must not change afterwards. */
  async noteMark(version: number): Promise<void> {
    const stateMachineArn = `${account}:stateMachine:${this.#evidence.workflow}--${version}`;
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
}
