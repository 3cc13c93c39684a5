import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.js';
import type { Authority } from './access/authority.js';
import type { Caller } from './access/caller.js';
import { CallCounts } from './call-counts.js';
import type { RateLimits } from './rates/rate-limits.js';
import type { Service } from './service.js';
import { unwind } from './unwind.js';

/**
 * The calls of services that take from the account's rates: those of executions. CloudFormation's are retried until they
 * succeed.
 */
const countsForAccount = (service: string, operation: string): boolean =>
  (service === 'batch' && operation === 'SubmitJob') || (service === 'states' && operation === 'StartExecution');

type Life = 'waiting' | 'started' | 'stopped';

/** Runs the services of an engine: starts them in order, stops them in reverse order, and passes calls between them. */
export class ServiceHost {
  readonly services = new Map<string, Service>();
  readonly calls: CallCounts;
  readonly #limits: RateLimits;
  readonly iam: Authority;
  readonly #shared = new Set<Service>();
  readonly #lives = new Map<string, Life>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** @param authority - makes the access control of the host's services */
  constructor(
    limits: RateLimits,
    authority: (services: ReadonlyMap<string, Service>) => Authority,
    calls = new CallCounts(),
  ) {
    this.#limits = limits;
    this.calls = calls;
    this.iam = authority(this.services);
  }

  add(service: Service): void {
    this.services.set(service.name, service);
    this.#lives.set(service.name, 'waiting');
  }

  /** Adds a service that another host starts and stops. */
  share(service: Service): void {
    this.services.set(service.name, service);
    this.#lives.set(service.name, 'started');
    this.#shared.add(service);
  }

  get #own(): Service[] {
    return [...this.services.values()].filter((service) => !this.#shared.has(service));
  }

  async start(): Promise<void> {
    for (const service of this.#own) {
      await service.start?.();
      this.#become(service.name, 'started');
    }
  }

  /** Also stops services whose start failed and those never started: each releases its own resources. */
  async stop(): Promise<void> {
    for (const name of this.services.keys()) if (this.#lives.get(name) === 'waiting') this.#become(name, 'stopped');
    await unwind(this.#own.map((service) => () => service.stop?.()));
  }

  /** Once the service has started, the operation runs in the same turn of the event loop as the call. */
  async call(serviceName: string, operationName: string, input: unknown, caller?: Caller): Promise<unknown> {
    const operation = this.services.get(serviceName)?.operations.get(operationName);
    if (operation === undefined)
      throw new AwsError(
        'UnknownOperationException',
        `The embedded engine does not have the operation ${serviceName}:${operationName}.`,
      );
    if (this.#lives.get(serviceName) === 'waiting') await this.#started(serviceName);
    this.calls.add(serviceName, operationName);
    if (countsForAccount(serviceName, operationName)) this.#limits.admit(serviceName, operationName);
    const request = { requestId: randomUUID() };
    const { iam } = this;
    if (caller === undefined) return operation.run(input, request);
    iam.authorize(serviceName, operationName, input, caller);
    try {
      return await operation.run(input, { ...request, caller });
    } catch (error) {
      throw iam.shown(serviceName, operationName, input, caller, error);
    }
  }

  #started(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, waiting);
      waiting.push(() => {
        if (this.#lives.get(name) === 'started') resolve();
        else reject(new AwsError('ServiceUnavailable', 'The engine is stopping.', { status: 503 }));
      });
    });
  }

  #become(name: string, life: Life): void {
    this.#lives.set(name, life);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const wake of waiting) wake();
  }
}
