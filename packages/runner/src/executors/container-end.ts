import { setTimeout as delay } from 'node:timers/promises';
import { BclawError } from '@bclaw/spec/run-time';
import type Docker from 'dockerode';
import { answerWithin, duringWork, engineGone, isUnanswered } from './engine-answer.js';
import { statusOf } from './engine-error.js';
import { killedExitCode } from './executor.js';

/** How often the engine is asked whether the container still runs, beside the request that waits for its end. */
const probeMs = 5_000;

/** A probe without an answer is repeated so often, so much later, before the engine counts as gone. */
const repeats = 3;
const repeatMs = 1_000;

/** A busy engine takes its time; one that takes longer hangs, or the connection is only half there. */
const silenceMs = 30_000;

/** How much later than a probe the request that waits may tell of the end. */
const lateMs = 5_000;

/** How far the container's own lines to this program reach. */
export interface AttachedStream {
  /** Its input and output went by a connection that is no more. */
  readonly isClosed: () => boolean;
  /** The container ends by itself when that connection does, see `shell-prelude.ts`. */
  readonly hasWatchdog: boolean;
}

/**
 * Waits until a container has ended.
 *
 * The request that waits may never be answered: a connection that ends in the middle of an answer says nothing to
 * dockerode, and one that is half open says nothing to anybody. So the engine is also asked now and then.
 *
 * @returns the exit code
 * @throws BclawError `engine-gone`
 */
export async function containerEnd(container: Docker.Container, attached: AttachedStream): Promise<number> {
  const over = new AbortController();
  try {
    return await Promise.race([waitedFor(container), probedFor(container, attached, over.signal)]);
  } finally {
    over.abort();
  }
}

async function waitedFor(container: Docker.Container): Promise<number> {
  try {
    const { StatusCode: exitCode } = await container.wait();
    return exitCode;
  } catch (error) {
    throw lostBy(error);
  }
}

async function probedFor(container: Docker.Container, attached: AttachedStream, over: AbortSignal): Promise<number> {
  let closed = 0;
  for (;;) {
    await delay(probeMs, undefined, { signal: over });
    const state = await probe(container);
    closed = attached.isClosed() ? closed + 1 : 0;
    if (state.Running) {
      // Something may close its output and work on, but not with a watchdog, which keeps it open.
      if (attached.hasWatchdog && closed > 1) throw engineGone('the connection to the container broke');
      continue;
    }
    await delay(lateMs, undefined, { signal: over });
    if (attached.hasWatchdog && closed > 0 && state.ExitCode === killedExitCode && !state.OOMKilled)
      throw engineGone('the connection to the container broke');
    return state.ExitCode;
  }
}

async function probe(container: Docker.Container): Promise<Docker.ContainerInspectInfo['State']> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { State: state } = await answerWithin(silenceMs, container.inspect());
      return state;
    } catch (error) {
      if (attempt === repeats || !isUnanswered(error)) throw lostBy(error);
      await delay(repeatMs);
    }
  }
}

function lostBy(error: unknown): unknown {
  return statusOf(error) === 404 ? containerRemoved(error) : duringWork(error);
}

/** Nobody knows how the commands ended: podman then says 0 to who waits. */
export function containerRemoved(cause: unknown): BclawError {
  return new BclawError('container-removed', 'The container of the commands was removed while they ran.', {
    remedy: 'Something on this machine removes containers that are in use; the job can run again.',
    cause,
  });
}
