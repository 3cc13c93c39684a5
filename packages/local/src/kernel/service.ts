import type { TSchema } from 'typebox';
import type { ServiceAccess } from '../iam/access.js';
import type { Operations } from '../operation.js';
import type { AwsJsonDialect } from '../wire/aws-json.js';
import type { QueryDialect } from '../wire/query.js';
import type { Authority } from './access/authority.js';
import type { Caller } from './access/caller.js';
import type { Journal } from './journal.js';

/**
 * An AWS service of the embedded engine: its operations under AWS's own names, with AWS's own input and output shapes.
 * The wire layer decodes a request into such a call, and services call each other the same way, so each service has a
 * single entry point. Timestamps in outputs are `Date`; the wire layer writes them in the protocol's format.
 */
export interface Service {
  /** The name in the credential scope of a signed request: `s3`, `states`, `lambda`, `batch`, `cloudformation`, … */
  readonly name: string;
  readonly operations: Operations;
  /** The permissions that its operations need, and the policies and tags of its resources. */
  readonly access?: ServiceAccess;
  /** Set for a service that uses AWS JSON. A service whose operations have routes uses REST-JSON. */
  readonly json?: AwsJsonDialect;
  /** Set for a service that uses the Query protocol. */
  readonly query?: QueryDialect;
  /**
   * Called once all services exist: resumes the work that the journal lists as unfinished. HTTP requests are answered
   * only when every service has started, so it starts that work without waiting for it.
   */
  start?(): Promise<void> | void;
  /** Stops timers, workers and processes; the journal stays open until every service has stopped. */
  stop?(): Promise<void> | void;
}

/** The context that the engine passes to each service. */
export interface EngineContext {
  readonly accountId: string;
  readonly region: string;
  /** Always `aws`. */
  readonly partition: string;
  /**
   * `http://127.0.0.1:port`: AWS_ENDPOINT_URL of functions and jobs. Known once the server listens, before any `start`.
   */
  readonly endpoint: string;
  /** The engine's own directory; a service keeps its files below `directory/<service name>/`. */
  readonly directory: string;
  /** True when recorded changes wait for the disk (`fsync`); absent: no. */
  readonly durable?: boolean;
  /** Lambda's limit of concurrent executions; absent: none. */
  readonly concurrentInvocations?: number;
  readonly journal: Journal;
  readonly events: EventBus;
  readonly log: Log;
  /**
   * Calls an operation of a service as a client would, without the wire. While the engine starts, a call waits until
   * its service has started.
   *
   * @param caller - whose permissions the call needs; absent: the engine's own work, which no policy limits
   */
  call(service: string, operation: string, input: unknown, caller?: Caller): Promise<unknown>;
  /** Roles, and the decisions on who may call what; absent: everyone may do everything. */
  readonly iam?: Authority;
  /** Returns the schema of an operation's input; undefined if the engine does not have the operation. */
  inputOf?(service: string, operation: string): TSchema | undefined;
}

/** An event on the default EventBridge bus, in EventBridge's own shape. */
export interface AwsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * The default event bus. Services publish the events that AWS publishes (`aws.s3` "Object Created", `aws.batch` "Batch
 * Job State Change", `aws.states` "Step Functions Execution Status Change"); the EventBridge service subscribes for the
 * rules, and other services may subscribe for their integrations. Listeners run before `publish` returns, so their
 * journal entries are kept together with the published change.
 */
export interface EventBus {
  /** Returns the event as published. */
  publish(
    event: Pick<AwsEvent, 'source' | 'detail-type' | 'detail'> & {
      readonly resources?: readonly string[];
      /** Default: now. */
      readonly time?: Date;
      /** The region whose rules see it: for S3, whose buckets have regions. Default: that of the bus. */
      readonly region?: string;
    },
  ): AwsEvent;
  subscribe(listener: (event: AwsEvent) => void): () => void;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
