import { ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { workflowOutputs } from '@bclaw/compiler';
import type { Clients } from '../../src/index.js';
import { account, type Evidence, nothingIf } from './evidence.js';
import { until } from './until.js';

/** What the model has seen of a workflow's versions, and what must hold of them. */
export class KnownVersions {
  readonly #clients: Clients;
  readonly #evidence: Evidence;
  /** Which deployment each version is from, since the workflow was last made. */
  #marks = new Map<number, string>();
  #newest = 0;
  /** Versions that could take jobs when they were last looked at, and that nobody cleans up: they stay as they are. */
  readonly #whole = new Set<number>();

  constructor(clients: Clients, evidence: Evidence) {
    this.#clients = clients;
    this.#evidence = evidence;
  }

  /** The greatest number that has been seen. */
  get newest(): number {
    return this.#newest;
  }

  get all(): readonly number[] {
    return [...this.#marks.keys()];
  }

  get whole(): readonly number[] {
    return [...this.#whole];
  }

  /** The deployment that a version is from. */
  markOf(version: number): string | undefined {
    return this.#marks.get(version);
  }

  /** From here on versions may be cleaned up. */
  forgetWhole(): void {
    this.#whole.clear();
  }

  /** The workflow is gone; the numbers may begin anew. */
  forget(): void {
    this.#marks = new Map();
    this.#newest = 0;
  }

  /** What a deployment that fails must leave as it is. */
  async shape(): Promise<string> {
    const [live, resources] = await Promise.all([this.#evidence.live(), this.#evidence.resources()]);
    return JSON.stringify([live?.FunctionVersion, live?.RoutingConfig?.AdditionalVersionWeights ?? {}, resources]);
  }

  /** A deployment and a rollback take nothing away from any version. */
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

  /** Looks at `live` again and again while something is done, for it must never name what is not there yet, or no more. */
  async whileLiveIsWhole(done: Promise<void>): Promise<void> {
    let over = false;
    const watch = async () => {
      while (!over) {
        const began = Date.now();
        await this.liveIsWhole();
        // Most of the time is for what is done.
        await new Promise((resolve) => setTimeout(resolve, Math.max(100, 4 * (Date.now() - began))));
      }
    };
    await Promise.all([watch(), done.finally(() => (over = true))]);
  }

  /** `live` names a version whose state machine takes jobs and whose job definitions are active, of the deployment that it is from. */
  async liveIsWhole(): Promise<void> {
    const live = await this.#evidence.live();
    if (live === undefined) return;
    const routed = [live.FunctionVersion ?? '', ...Object.keys(live.RoutingConfig?.AdditionalVersionWeights ?? {})];
    for (const version of routed) {
      const problem = await this.problemOf(Number(version));
      if (problem === undefined) continue;
      // It may have been moved on in between.
      const now = await this.#evidence.live();
      if (now?.RevisionId !== live.RevisionId) return;
      throw new Error(`live of ${this.#evidence.workflow} names version ${version}: ${problem}`);
    }
  }

  problemOf(version: number): Promise<string | undefined> {
    return this.#evidence.problemOf(version, this.#marks.get(version));
  }

  /** What was deployed last is never cleaned up, be it live or not. */
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

  /** Notes which deployment a new version is from. */
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

  /** Notes the deployment that a version is from; once noted, it must stay the same. */
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
