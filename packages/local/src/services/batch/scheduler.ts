/** Resources of a machine, or of a job. */
export interface Resources {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

export interface WaitingJob extends Resources {
  readonly jobId: string;
  readonly queue: string;
  /** Empty in a queue without a scheduling policy, which is FIFO. */
  readonly share: string;
  /** Priority within a share: higher goes first. */
  readonly priority: number;
  /** Requirements in addition to the machine's resources. */
  readonly needs: readonly Requirement[];
}

/** Quantity of a consumable resource. */
export interface Requirement {
  readonly resource: string;
  readonly quantity: number;
}

/** Resources in addition to the machine's. */
export interface Stock {
  has(needs: readonly Requirement[]): boolean;
  take(needs: readonly Requirement[]): void;
  giveBack(needs: readonly Requirement[]): void;
}

/** Ranking of the queues, read at every decision because it may change. */
export interface QueueRanks {
  /** Higher goes first; all queues share the same machine. */
  priority(queue: string): number;
  /** AWS's weightFactor: a share with a lower value gets more. */
  weight(queue: string, share: string): number;
}

interface Entry {
  readonly job: WaitingJob;
  readonly order: number;
}

/**
 * Decides which job starts next on one machine: queues by priority, shares of a queue by their present use, jobs of a
 * share by priority and age. The next job waits until it fits and no other job overtakes it, so that a large job is
 * never starved by small ones. A job larger than the machine runs alone. A job whose consumable resources are not
 * available is skipped until they are, and others run in the meantime.
 */
export class Scheduler {
  readonly #capacity: Resources;
  readonly #ranks: QueueRanks;
  readonly #stock: Stock;
  readonly #start: (jobId: string) => void;
  readonly #waiting = new Map<string, Map<string, Entry[]>>();
  readonly #running = new Map<string, WaitingJob>();
  #order = 0;
  #passScheduled = false;

  constructor(capacity: Resources, ranks: QueueRanks, stock: Stock, start: (jobId: string) => void) {
    this.#capacity = capacity;
    this.#ranks = ranks;
    this.#stock = stock;
    this.#start = start;
  }

  add(job: WaitingJob): void {
    this.#order += 1;
    const shares = this.#waiting.get(job.queue) ?? new Map<string, Entry[]>();
    this.#waiting.set(job.queue, shares);
    const entries = shares.get(job.share) ?? [];
    shares.set(job.share, entries);
    const after = entries.findLastIndex((entry) => entry.job.priority >= job.priority);
    entries.splice(after + 1, 0, { job, order: this.#order });
    this.#schedulePass();
  }

  /** Removes a job that has not started; returns false if it is not waiting. */
  remove(jobId: string): boolean {
    for (const shares of this.#waiting.values()) {
      for (const entries of shares.values()) {
        const index = entries.findIndex((entry) => entry.job.jobId === jobId);
        if (index < 0) continue;
        entries.splice(index, 1);
        this.#schedulePass();
        return true;
      }
    }
    return false;
  }

  /** Frees the resources of a started job that has ended. */
  release(jobId: string): void {
    const job = this.#running.get(jobId);
    if (job === undefined) return;
    this.#running.delete(jobId);
    this.#stock.giveBack(job.needs);
    this.#schedulePass();
  }

  /** Signals that more of the resources that jobs wait for may be available. */
  lookAgain(): void {
    this.#schedulePass();
  }

  exceedsMachine(job: Resources): boolean {
    return job.vcpus > this.#capacity.vcpus || job.memoryMiB > this.#capacity.memoryMiB;
  }

  /** Many submissions at once cause one scheduling pass, which never runs inside the caller's request. */
  #schedulePass(): void {
    if (this.#passScheduled) return;
    this.#passScheduled = true;
    setImmediate(() => {
      this.#passScheduled = false;
      this.#pass();
    });
  }

  #pass(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { entries, index } = next;
      const job = entries[index]?.job;
      if (job === undefined || !this.#fits(job)) return;
      entries.splice(index, 1);
      this.#stock.take(job.needs);
      this.#running.set(job.jobId, job);
      this.#start(job.jobId);
    }
  }

  #fits(job: Resources): boolean {
    if (this.#running.size === 0) return true;
    const used = sum([...this.#running.values()]);
    return used.vcpus + job.vcpus <= this.#capacity.vcpus && used.memoryMiB + job.memoryMiB <= this.#capacity.memoryMiB;
  }

  /** The next waiting line, and the index of its first job whose additional requirements are all available. */
  #next(): { readonly entries: Entry[]; readonly index: number } | undefined {
    let best: { readonly entries: Entry[]; readonly index: number; readonly rank: readonly number[] } | undefined;
    for (const [queue, shares] of this.#waiting) {
      for (const [share, entries] of shares) {
        if (entries.length === 0) shares.delete(share);
        const index = entries.findIndex(({ job }) => this.#stock.has(job.needs));
        const head = entries[index];
        if (head === undefined) continue;
        const rank = [-this.#ranks.priority(queue), this.#usage(queue, share), head.order];
        if (best === undefined || precedes(rank, best.rank)) best = { entries, index, rank };
      }
    }
    return best;
  }

  #usage(queue: string, share: string): number {
    if (share === '') return 0;
    const own = [...this.#running.values()].filter((job) => job.queue === queue && job.share === share);
    return sum(own).vcpus * this.#ranks.weight(queue, share);
  }
}

function sum(jobs: readonly Resources[]): Resources {
  return jobs.reduce<Resources>(
    (total, job) => ({ vcpus: total.vcpus + job.vcpus, memoryMiB: total.memoryMiB + job.memoryMiB }),
    { vcpus: 0, memoryMiB: 0 },
  );
}

function precedes(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
