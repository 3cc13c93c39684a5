import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { readStateMachine, type StateMachine } from '../aws/state-machine.js';
import type { WorkflowMachine } from './workflow-machines.js';

/** A version that others could call. */
export interface CalledVersion {
  readonly workflow: string;
  readonly version: number;
  /** ARN of its state machine. */
  readonly arn: string;
}

/**
 * By the ARN of a version's state machine: the others whose definition names it, one of its versions or aliases, or
 * that version of the workflow.
 */
export type Callers = ReadonlyMap<string, readonly { readonly name: string; readonly arn: string }[]>;

/**
 * Finds the state machines of workflows that could call a version. Step Functions refills `DescribeStateMachine` at 20 a
 * second for the whole account ("Quotas related to API action throttling"), so each definition of a versioned workflow,
 * which never changes, is read only once.
 */
export class CallerSearch {
  readonly #clients: Pick<Clients, 'sfn'>;
  readonly #definitions = new Map<string, string>();

  constructor(clients: Pick<Clients, 'sfn'>) {
    this.#clients = clients;
  }

  /** Takes over a definition that was read already. */
  note({ arn, definition }: StateMachine): void {
    this.#definitions.set(arn, definition);
  }

  /** @param machines the potential callers: the state machines of all workflows */
  async find(called: readonly CalledVersion[], machines: readonly WorkflowMachine[]): Promise<Callers> {
    if (called.length === 0) return new Map();
    const named = await inParallel(machines, async (machine) => {
      const definition = await this.#definitionOf(machine);
      return called.filter((other) => other.arn !== machine.arn && names(definition, other)).map(({ arn }) => arn);
    });
    return new Map(called.map(({ arn }) => [arn, machines.filter((_, index) => named[index]?.includes(arn))]));
  }

  async #definitionOf({ arn, version }: WorkflowMachine): Promise<string> {
    const known = this.#definitions.get(arn);
    if (known !== undefined) return known;
    const definition = (await readStateMachine(this.#clients, arn))?.definition ?? '';
    if (version !== undefined) this.#definitions.set(arn, definition);
    return definition;
  }
}

/** A subpipe by name, `subpipe: name:9`, is resolved at run time: the definition has it as the template has it. */
const names = (definition: string, { arn, workflow, version }: CalledVersion): boolean =>
  definition.includes(`"${arn}"`) ||
  definition.includes(`"${arn}:`) ||
  new RegExp(`"subpipe"\\s*:\\s*"${workflow}:${version}"`).test(definition);
