import type { Journal, Lists, Table } from './journal.js';
import type { EventBus } from './service.js';
import type { ServiceHost } from './service-host.js';
import { unwind } from './unwind.js';

/** The services of one region, and its event bus. */
export interface Region {
  readonly host: ServiceHost;
  readonly events: EventBus;
}

const regionName = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Returns true for text that has the form of a region's name. */
export const isRegionName = (text: string): boolean => regionName.test(text);

/**
 * The regions of an engine: its own, and each other one that a client calls. They share nothing but what is global in
 * AWS, buckets above all. A region in which something was recorded is there again after a restart.
 */
export class Regions {
  readonly home: Region;
  readonly #journal: Journal;
  readonly #recorded: Table<true>;
  readonly #create: (region: string, journal: Journal) => Region;
  readonly #others = new Map<string, { readonly region: Region; readonly started: Promise<void> }>();
  #stopped = false;

  /**
   * @param home the region of the engine itself, whose tables keep their names
   * @param create creates the services of another region, over tables of its own
   */
  constructor(home: Region, journal: Journal, create: (region: string, journal: Journal) => Region) {
    this.home = home;
    this.#journal = journal;
    this.#recorded = journal.table('engine/regions');
    this.#create = create;
  }

  /** Starts the services of the engine's own region, then those of the others. */
  async start(): Promise<void> {
    await this.home.host.start();
    await Promise.all([...this.#recorded.entries()].map(([name]) => this.#open(name).started));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const others = [...this.#others.values()];
    // One that is starting now first gets there.
    await Promise.allSettled(others.map(({ started }) => started));
    await unwind([
      () => this.home.host.stop(),
      ...others.map(
        ({ region }) =>
          () =>
            region.host.stop(),
      ),
    ]);
  }

  /** The services of a region, once they have started. */
  async host(name: string, home: string): Promise<ServiceHost> {
    if (name === home || !isRegionName(name) || this.#stopped) return this.home.host;
    const { region, started } = this.#open(name);
    await started;
    return region.host;
  }

  /** The event bus of another region, if anything was ever recorded in it: nobody listens in one that nobody called. */
  events(name: string): EventBus | undefined {
    return this.#others.get(name)?.region.events;
  }

  #open(name: string) {
    const open = this.#others.get(name);
    if (open !== undefined) return open;
    const region = this.#create(name, this.#journalOf(name));
    const opened = { region, started: region.host.start() };
    this.#others.set(name, opened);
    return opened;
  }

  /** Tables and lists with the region before their names; the first change records the region. */
  #journalOf(region: string): Journal {
    const journal = this.#journal;
    const change = <A extends unknown[], R>(make: (...given: A) => R) => {
      return (...given: A): R => {
        if (!this.#recorded.has(region)) this.#recorded.set(region, true);
        return make(...given);
      };
    };
    return {
      ...journal,
      table: <T>(name: string): Table<T> => {
        const table = journal.table<T>(`${region}/${name}`);
        return { ...sized(table), set: change(table.set) };
      },
      lists: <T>(name: string): Lists<T> => {
        const lists = journal.lists<T>(`${region}/${name}`);
        return { ...lists, append: change(lists.append) };
      },
    };
  }
}

/** A copy of a table would have the size of the moment. */
const sized = <T>(table: Table<T>): Table<T> =>
  Object.defineProperty({ ...table }, 'size', { get: () => table.size, enumerable: true });
