import { DescribeStackEventsCommand, type StackEvent as SdkStackEvent } from '@aws-sdk/client-cloudformation';
import { given } from '@bclaw/spec/given';
import type { Clients } from './clients.js';

/** An event of a stack or of one of its resources. */
export interface StackEvent {
  readonly id: string;
  readonly time: Date;
  readonly logicalId: string;
  /** Name or ARN of the resource, as soon as there is one; for the stack itself its id. */
  readonly physicalId?: string;
  /** E.g. `AWS::Batch::JobDefinition`. */
  readonly resourceType: string;
  /** E.g. `CREATE_IN_PROGRESS`, `UPDATE_FAILED`. */
  readonly status: string;
  readonly reason?: string;
}

/** Reads a stack's events: each `read` returns the events since the last one, oldest first. */
export class StackEventReader {
  readonly #clients: Pick<Clients, 'cloudFormation'>;
  readonly #stackId: string;
  #lastId: string | undefined;

  constructor(clients: Pick<Clients, 'cloudFormation'>, stackId: string) {
    this.#clients = clients;
    this.#stackId = stackId;
  }

  /** Skips the events so far. */
  async skip(): Promise<void> {
    const { StackEvents } = await this.#clients.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: this.#stackId }),
    );
    this.#lastId = StackEvents?.[0]?.EventId;
  }

  async read(): Promise<StackEvent[]> {
    const news: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await this.#clients.cloudFormation.send(
        new DescribeStackEventsCommand({ StackName: this.#stackId, NextToken: token }),
      );
      token = page.NextToken;
      for (const event of page.StackEvents ?? []) {
        if (event.EventId === this.#lastId) {
          token = undefined;
          break;
        }
        const known = fromSdk(event);
        if (known !== undefined) news.push(known);
      }
    } while (token !== undefined);
    this.#lastId = news[0]?.id ?? this.#lastId;
    return news.reverse();
  }
}

function fromSdk(event: SdkStackEvent): StackEvent | undefined {
  const { EventId, Timestamp, LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus } = event;
  if (EventId === undefined || Timestamp === undefined || ResourceStatus === undefined) return undefined;
  return {
    id: EventId,
    time: Timestamp,
    logicalId: LogicalResourceId ?? '',
    ...(PhysicalResourceId === undefined || PhysicalResourceId === '' ? {} : { physicalId: PhysicalResourceId }),
    resourceType: ResourceType ?? '',
    status: ResourceStatus,
    ...given({ reason: event.ResourceStatusReason }),
  };
}

/**
 * The event that made everything else fail: the first failure that is not a consequence. CloudFormation cancels the
 * resources that it was working on when one fails, and reports those as failed too.
 */
export function rootCause(events: readonly StackEvent[]): StackEvent | undefined {
  const failed = events.filter((event) => event.status.endsWith('_FAILED'));
  return failed.find((event) => !/cancelled/i.test(event.reason ?? '')) ?? failed[0];
}
