import { usageWords } from './shell-prelude.js';
import type { CommandUsage } from './usage.js';

/** Figures of its control group that a container's prelude reports. */
export class ReportedUsage {
  #cpuMs: number | undefined;
  #held = 0;
  #limitPeak = 0;

  /** @returns false for a line that reports something else */
  take(line: string): boolean {
    const [, word, rest = ''] = /^bclaw: (\S+)(.*)$/.exec(line) ?? [];
    const numbers = rest.trim().split(' ').filter(Boolean).map(Number);
    const sum = numbers.reduce((total, number) => total + number, 0);
    switch (word) {
      case usageWords.memory:
        this.#held = Math.max(this.#held, sum);
        return true;
      case usageWords.peak:
        this.#limitPeak = sum;
        return true;
      case usageWords.microseconds:
        this.#cpuMs = Math.round(sum / 1_000);
        return true;
      case usageWords.nanoseconds:
        this.#cpuMs = Math.round(sum / 1_000_000);
        return true;
      default:
        return false;
    }
  }

  get usage(): CommandUsage {
    // The peak of the group has its files in it; a look at it has not, but may have come too late.
    const peakBytes = this.#held > 0 ? this.#held : this.#limitPeak;
    return {
      ...(this.#cpuMs === undefined ? {} : { cpuMs: this.#cpuMs }),
      ...(peakBytes === 0 ? {} : { peakBytes }),
    };
  }
}
