import type { JobStatus } from '@bclaw/ops';
import type { Terminal } from '../terminal.js';
import { aliveLine, changeLines } from './changes.js';
import { progressFrame } from './frame.js';

/** A frame's times go on between two looks at a job. */
const frameMs = 1_000;

/** A log without a line for longer than this looks as if the command hung. */
const aliveMs = 30_000;

/** Of more jobs than this a sign of life tells only how many they are. */
const mostAliveLines = 10;

/** Shows jobs while a command waits for them: as a frame on a terminal, as lines anywhere else. */
class JobProgress {
  readonly #terminal: Terminal;
  readonly #jobs = new Map<string, JobStatus>();
  readonly #timer: NodeJS.Timeout;
  readonly #redraw = () => this.#draw();
  readonly #stopListening: () => void;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#tick(), terminal.isInteractive ? frameMs : aliveMs).unref();
    this.#stopListening = terminal.onResize(this.#redraw);
  }

  readonly update = (job: JobStatus): void => {
    const { noteStyle: style, isInteractive } = this.#terminal;
    const which = isInteractive ? 'failures' : 'all';
    for (const line of changeLines(this.#jobs.get(job.arn), job, { style, which })) this.#line(line);
    this.#jobs.set(job.arn, job);
    this.#draw();
  };

  #line(text: string): void {
    this.#terminal.note(text);
    if (!this.#terminal.isInteractive) this.#timer.refresh();
  }

  #tick(): void {
    if (this.#terminal.isInteractive) this.#draw();
    else this.#signOfLife();
  }

  #draw(): void {
    const { size, noteStyle: style } = this.#terminal;
    this.#terminal.progress(...progressFrame([...this.#jobs.values()], { ...size, now: new Date(), style }));
  }

  #signOfLife(): void {
    const running = [...this.#jobs.values()].filter(({ stoppedAt }) => stoppedAt === undefined);
    const now = new Date();
    for (const job of running.slice(0, mostAliveLines)) this.#terminal.note(aliveLine(job, now));
    if (running.length > mostAliveLines)
      this.#terminal.note(`and ${running.length - mostAliveLines} more jobs still run`);
    if (running.length === 0) this.#terminal.note('still waiting');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopListening();
    this.#terminal.endProgress();
  }
}

/**
 * Shows jobs while a task waits for them.
 *
 * @param work receives a function to be called with each new status of a job
 */
export async function showingProgress<T>(
  terminal: Terminal,
  work: (onProgress: (job: JobStatus) => void) => Promise<T>,
): Promise<T> {
  const progress = new JobProgress(terminal);
  try {
    return await work(progress.update);
  } finally {
    progress.close();
  }
}
