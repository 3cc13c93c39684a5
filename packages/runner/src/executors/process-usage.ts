import { readdirSync, readFileSync } from 'node:fs';
import { type CommandUsage, lookRepeatedly } from './usage.js';

/** Linux counts processor time for programs in hundredths of a second, on every architecture. */
const msPerTick = 10;

/**
 * Measures commands that are processes of this machine, from before their start; only Linux tells what they need.
 *
 * Processor time is what this process has waited for since, so it must not wait for others meanwhile.
 */
export class ProcessUsage {
  readonly #cpuBefore = cpuOfEndedChildren();
  #peakBytes = 0;
  #stop: () => void = () => undefined;

  /** @param leader id of their first process */
  follow(leader: number): void {
    if (this.#cpuBefore === undefined) return;
    this.#stop = lookRepeatedly(() => {
      this.#peakBytes = Math.max(this.#peakBytes, memoryOf(leader));
    });
  }

  /** To be called when the first process has ended. */
  end(): CommandUsage {
    this.#stop();
    const cpuAfter = cpuOfEndedChildren();
    if (this.#cpuBefore === undefined || cpuAfter === undefined) return {};
    return {
      cpuMs: cpuAfter - this.#cpuBefore,
      // Commands that ended before the first look held some memory.
      ...(this.#peakBytes === 0 ? {} : { peakBytes: this.#peakBytes }),
    };
  }
}

/** The processor time of the children that this process has waited for, and of theirs; proc_pid_stat(5). */
function cpuOfEndedChildren(): number | undefined {
  const text = read('/proc/self/stat');
  // A program's name, in parentheses, may have blanks and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields?.[13]), Number(fields?.[14])];
  return Number.isFinite(user + system) ? (user + system) * msPerTick : undefined;
}

/** The memory of a process and its descendants; pages that several of them share count for each. */
function memoryOf(id: number): number {
  const status = read(`/proc/${id}/status`);
  if (status === undefined) return 0;
  let bytes = 0;
  for (const [, kibibytes] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) bytes += Number(kibibytes) * 1024;
  for (const child of childrenOf(id)) bytes += memoryOf(child);
  return bytes;
}

/** The children of all threads of a process; none where the kernel does not list them. */
function childrenOf(id: number): readonly number[] {
  try {
    return readdirSync(`/proc/${id}/task`).flatMap((thread) =>
      (read(`/proc/${id}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return []; // it has ended
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it has ended, or this is not Linux
  }
}
