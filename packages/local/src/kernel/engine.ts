import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { openRole } from '../iam/open-role.js';
import { type PolicyRecord, type RoleRecord, Roles } from '../iam/roles.js';
import { thisMachine } from '../services/batch/this-machine.js';
import {
  type Executor,
  globalServices,
  type ServiceFactory,
  type ServiceOptions,
  serviceFactories,
} from '../services/index.js';
import type { BodyLimits } from '../wire/bodies.js';
import { type KnownHosts, loopbackHosts, networkHosts } from '../wire/guard.js';
import { createWireServer } from '../wire/server.js';
import { Authority, type IamMode } from './access/authority.js';
import { UsedPermissions } from './access/used-permissions.js';
import type { CallCounts } from './call-counts.js';
import { lockDirectory } from './engine-lock.js';
import { createEventBus } from './event-bus.js';
import type { Journal } from './journal.js';
import { type JournalOptions, openJournal } from './journal-file.js';
import { makePrivate } from './private-directory.js';
import { awsConcurrentInvocations, awsRates, type Rate } from './rates/aws-rates.js';
import { RateLimits } from './rates/rate-limits.js';
import { isRegionName, type Region, Regions } from './regions.js';
import type { EngineContext, EventBus, Log } from './service.js';
import { ServiceHost } from './service-host.js';
import { unwind } from './unwind.js';

/** Options of {@link startEngine}. */
export interface EngineOptions {
  /** Directory with all of the engine's state; created if missing. Only one engine at a time may use it. */
  readonly directory: string;
  /** TCP port. Default 0: any free one. */
  readonly port?: number;
  /**
   * Address to listen on. Default `127.0.0.1`. The engine checks no signatures: anyone who can reach it can run
   * commands as you. Any non-loopback address therefore needs {@link EngineOptions.exposeToNetwork}.
   */
  readonly host?: string;
  /** Set to `'anyone-who-reaches-it-can-run-commands-as-me'` to listen on an address that other machines can reach. */
  readonly exposeToNetwork?: 'anyone-who-reaches-it-can-run-commands-as-me';
  /** Executor for the commands of Batch jobs. Default `process`. */
  readonly executor?: Executor;
  /** Container engine for the executor `docker`, in the form of `DOCKER_HOST`. Default: the value of `DOCKER_HOST`. */
  readonly containerEngine?: string;
  /** vCPUs shared by all Batch jobs. Default: all of the machine's. */
  readonly vcpus?: number;
  /** Memory shared by all Batch jobs, in MiB. Default: all of the machine's. */
  readonly memoryMiB?: number;
  /** Twelve digits. Default `123456789012`. */
  readonly accountId?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /**
   * Waits for the disk (`fsync`) before each answer that records something, so that acknowledged changes also survive a
   * loss of power. Default: no.
   */
  readonly durable?: boolean;
  /**
   * Restores the part of a damaged journal before the damage: the journal is set aside, and the content of objects that
   * it no longer names is kept in `s3/lost`. Default: no, the engine does not start.
   */
  readonly recover?: boolean;
  /**
   * Limits on the calls of operations, and Lambda's limit of concurrent executions: `aws` for AWS's documented defaults
   * in the region, or rates of your own. What comes more often is refused as AWS refuses it. Default: as often as the
   * machine can.
   */
  readonly rates?: 'aws' | readonly Rate[];
  /**
   * Access control by the policies of roles and resources: `enforce` refuses what AWS would refuse, `report` only writes
   * it to the log, `off` decides nothing. Default `enforce`.
   */
  readonly iam?: IamMode;
  /**
   * Names of roles that the account has from the start: every service may assume them, and they may do everything. For
   * programs that need a role and no policies, such as tests. Default: none; templates create roles.
   */
  readonly openRoles?: readonly string[];
  /** Receives the engine's log messages. Default: they are dropped. */
  readonly log?: Log;
}

/** A running engine. */
export interface Engine {
  /** Value for `AWS_ENDPOINT_URL`, e.g. `http://127.0.0.1:4566`. */
  readonly url: string;
  /** Absolute path. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Stops the services, ends the running jobs, and keeps the state. A second call waits for the first. */
  close(): Promise<void>;
}

/** Content of `engine.json` in the engine's directory, for other programs to read while the engine runs. */
export interface EngineRecord {
  readonly pid: number;
  readonly url: string;
  readonly accountId: string;
  readonly region: string;
  readonly executor: Executor;
  /** ISO 8601. */
  readonly startedAt: string;
}

const silent: Log = { info: () => {}, error: () => {} };

/**
 * Starts the embedded engine: the part of AWS that bclaw uses, on one port of this machine.
 *
 * @throws Error when another engine uses the directory, the port is taken, or the options are invalid
 *
 * @example
 * ```ts
 * const engine = await startEngine({ directory: '.bclaw' });
 * const client = new SFNClient({ endpoint: engine.url, region: engine.region, credentials });
 * …
 * await engine.close();
 * ```
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  return startEngineWith(serviceFactories, options);
}

/** Starts an engine with the given services and limits only: for tests of a service over the wire without the others. */
export async function startEngineWith(
  factories: readonly ServiceFactory[],
  options: EngineOptions,
  bodyLimits?: BodyLimits,
): Promise<Engine> {
  const settings = checked(options);
  makePrivate(settings.directory);
  const lock = lockDirectory(settings.directory);
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    const journal = await openJournal(settings.directory, settings.journal);
    undo.push(() => journal.close());
    const engine = new RunningEngine(settings, journal, factories, bodyLimits);
    undo.push(() => engine.stop());
    await engine.start();
    let closing: Promise<void> | undefined;
    const { url } = engine;
    const { directory, accountId, region } = settings;
    return {
      url,
      directory,
      accountId,
      region,
      close() {
        closing ??= unwind(undo);
        return closing;
      },
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

interface Settings {
  readonly directory: string;
  readonly port: number;
  readonly host: string;
  readonly knownHosts: KnownHosts;
  readonly jobs: ServiceOptions;
  readonly journal: JournalOptions;
  readonly accountId: string;
  readonly region: string;
  readonly rates: readonly Rate[];
  readonly iam: IamMode;
  readonly openRoles: readonly string[];
  readonly log: Log;
}

function checked(options: EngineOptions): Settings {
  const host = options.host ?? '127.0.0.1';
  const loopbackOnly = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  if (!loopbackOnly && options.exposeToNetwork !== 'anyone-who-reaches-it-can-run-commands-as-me')
    throw new Error(
      `The engine checks no credentials: on ${host}, anyone who reaches it can run commands as you. ` +
        'Leave the host out, or say so with exposeToNetwork.',
    );
  const accountId = options.accountId ?? '123456789012';
  if (!/^\d{12}$/.test(accountId)) throw new Error(`The account id must have 12 digits, not be "${accountId}".`);
  const region = options.region ?? 'us-east-1';
  if (!isRegionName(region)) throw new Error(`"${region}" is not the name of an AWS region.`);
  const { executor = 'process', containerEngine, port = 0, log = silent } = options;
  const rates = options.rates === 'aws' ? awsRates(region) : (options.rates ?? []);
  const machine = thisMachine();
  const capacity = { vcpus: options.vcpus ?? machine.vcpus, memoryMiB: options.memoryMiB ?? machine.memoryMiB };
  if (!(capacity.vcpus > 0 && capacity.memoryMiB > 0))
    throw new Error('Jobs need vCPUs and memory: give more than 0 of both, or leave them out.');
  const jobs = { executor, capacity, ...(containerEngine === undefined ? {} : { containerEngine }) };
  const journal = { durable: options.durable ?? false, recover: options.recover ?? false };
  const knownHosts = loopbackOnly
    ? loopbackHosts
    : networkHosts([host, hostname(), 'host.docker.internal', 'host.containers.internal']);
  return {
    directory: resolve(options.directory),
    port,
    host,
    knownHosts,
    jobs,
    journal,
    accountId,
    region,
    rates,
    log,
    iam: options.iam ?? 'enforce',
    openRoles: options.openRoles ?? [],
  };
}

class RunningEngine {
  readonly #settings: Settings;
  readonly #limits: RateLimits;
  readonly #host: ServiceHost;
  readonly #regions: Regions;
  readonly #roles: Roles;
  readonly #used = new UsedPermissions();
  readonly #server: Server;
  readonly #startedAt = new Date().toISOString();
  #markReady: () => void = () => {};
  #url = '';

  constructor(
    settings: Settings,
    journal: Journal,
    factories: readonly ServiceFactory[],
    bodyLimits: BodyLimits | undefined,
  ) {
    this.#settings = settings;
    this.#limits = new RateLimits(settings.rates);
    this.#roles = new Roles(
      journal.table<RoleRecord>('iam/roles'),
      journal.table<PolicyRecord>('iam/policies'),
      settings.openRoles.map((name) => openRole(name, settings.accountId)),
    );
    const { region, directory } = settings;
    this.#host = this.#hostOf(region);
    const events = this.#bus(region);
    const context = this.#context(this.#host, journal, region, directory, {
      ...events,
      publish: (event) => (this.#regions.events(event.region ?? region) ?? events).publish(event),
    });
    for (const create of factories) this.#host.add(create(context, settings.jobs));
    this.#regions = new Regions({ host: this.#host, events }, journal, (name, tables) =>
      this.#createRegion(name, tables, factories),
    );
    const ready = new Promise<void>((resolve) => {
      this.#markReady = resolve;
    });
    this.#server = createWireServer({
      services: this.#host.services,
      serviceIn: async (name, service) => (await this.#regions.host(name, region)).services.get(service),
      iamIn: async (name) => (await this.#regions.host(name, region)).iam,
      ownPages: {
        health: () => ({ status: 'ok', ...this.#record() }),
        calls: () => this.#host.calls.all(),
        permissions: () => this.#used.all(),
      },
      calls: this.#host.calls,
      limits: this.#limits,
      iam: this.#host.iam,
      ready,
      flush: () => journal.flush(),
      knownHosts: settings.knownHosts,
      ...(bodyLimits === undefined ? {} : { bodyLimits }),
      log: settings.log,
    });
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const { directory, port, host } = this.#settings;
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The engine listens on no port.');
    const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    this.#url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`;
    await this.#regions.start();
    this.#markReady();
    writeFileSync(join(directory, 'engine.json'), `${JSON.stringify(this.#record(), undefined, 2)}\n`, { mode: 0o600 });
  }

  async stop(): Promise<void> {
    rmSync(join(this.#settings.directory, 'engine.json'), { force: true });
    if (this.#server.listening) this.#server.close();
    try {
      await this.#regions.stop();
    } finally {
      this.#server.closeAllConnections();
    }
  }

  #record(): EngineRecord {
    const { accountId, region, jobs } = this.#settings;
    const { executor } = jobs;
    return { pid: process.pid, url: this.#url, accountId, region, executor, startedAt: this.#startedAt };
  }

  /** The services of a region, none yet, with access control by the account's roles, which are global. */
  #hostOf(region: string, calls?: CallCounts): ServiceHost {
    const { iam: mode, accountId: account, log } = this.#settings;
    return new ServiceHost(
      this.#limits,
      (services) =>
        new Authority({ mode, account, region, partition: 'aws', roles: this.#roles, used: this.#used, services, log }),
      calls,
    );
  }

  #bus(region: string): EventBus {
    const { accountId, log } = this.#settings;
    return createEventBus({ accountId, region, log });
  }

  /** The services of another region, in a directory of its own; global services are those of the engine's region. */
  #createRegion(region: string, journal: Journal, factories: readonly ServiceFactory[]): Region {
    const host = this.#hostOf(region, this.#host.calls);
    const directory = join(this.#settings.directory, 'regions', region);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const events = this.#bus(region);
    const context = this.#context(host, journal, region, directory, events);
    const shared = [...this.#host.services.values()];
    for (const [index, create] of factories.entries()) {
      const service = shared[index];
      if (service !== undefined && globalServices.has(create)) host.share(service);
      else host.add(create(context, this.#settings.jobs));
    }
    return { host, events };
  }

  #context(host: ServiceHost, journal: Journal, region: string, directory: string, events: EventBus): EngineContext {
    const { accountId, log, rates } = this.#settings;
    const { durable = false } = this.#settings.journal;
    const endpoint = () => this.#url;
    return {
      accountId,
      region,
      partition: 'aws',
      get endpoint() {
        return endpoint();
      },
      directory,
      durable,
      ...(rates.length === 0 ? {} : { concurrentInvocations: awsConcurrentInvocations }),
      journal,
      events,
      log,
      call: (service, operation, input, caller) => host.call(service, operation, input, caller),
      iam: host.iam,
      inputOf: (service, operation) => host.services.get(service)?.operations.get(operation)?.input,
    };
  }
}
