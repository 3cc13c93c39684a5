import { setTimeout as delay } from 'node:timers/promises';
import { BclawError } from '@bclaw/spec/run-time';
import type Docker from 'dockerode';
import { answerWithin, duringWork, engineGone, isUnanswered } from './engine-answer.js';
import { statusOf } from './engine-error.js';
import { killedExitCode } from './executor.js';

/**
 * Interval at which the engine is polled for the container's state, in addition to the request that waits for its end.
 */
const probeMs = 5_000;

/** A probe without a response is repeated this many times, at this interval, before the engine counts as gone. */
const repeats = 3;
const repeatMs = 1_000;

/** Timeout of a probe: a busy engine is slow; a slower one hangs, or the connection is half open. */
const silenceMs = 30_000;

/** Time after a probe in which the waiting request may still report the end. */
const lateMs = 5_000;

/** Reach of the container's own messages to this program. */
export interface AttachedStream {
  /** Its input and output used a connection that is closed. */
  readonly isClosed: () => boolean;
  /** The container ends on its own when that connection does, see `shell-prelude.ts`. */
  readonly hasWatchdog: boolean;
}

/**
 * Waits until a container has ended.
 *
 * The waiting request may never be answered: dockerode reports nothing when a connection ends in the middle of a
 * response, and a half-open connection reports nothing at all. So the engine is also polled.
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
      // A process may close its output and continue, but not with a watchdog, which keeps it open.
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

/** The commands' exit code is lost: podman then reports 0 to a waiting client. */
export function containerRemoved(cause: unknown): BclawError {
  return new BclawError('container-removed', 'The container of the commands was removed while they ran.', {
    hint: 'Something on this machine removes containers that are in use; the job can run again.',
    cause,
  });
}
