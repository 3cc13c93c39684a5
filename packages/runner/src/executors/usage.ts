/** The processor time and the memory that commands needed, as far as the system tells. */
export interface CommandUsage {
  /** Milliseconds, of all processes together. */
  readonly cpuMs?: number;
  /** The most memory that they held at once, without the files that the kernel keeps in memory for them. */
  readonly peakBytes?: number;
}

/** The first pause between two looks at the memory; short commands have an end soon. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Looks again and again, at first often, then once a second.
 *
 * @returns a function that ends this
 */
export function lookRepeatedly(look: () => void): () => void {
  let pause = firstPauseMs;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(() => {
      look();
      pause = Math.min(pause * 1.5, longestPauseMs);
      wait();
    }, pause).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
