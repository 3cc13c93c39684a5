import type { StopSignal } from '../stopped.js';

/*
 * What a shell does before it becomes the command that it was asked for:
 * - It leaves a watchdog in the background that reads from a stream whose other end the runner holds. When the runner
 *   dies, even by SIGKILL, the stream ends and the watchdog kills the commands: nothing stays behind. The double fork
 *   keeps it from being a child of the command, which may wait for all of its children. It ignores what the commands are
 *   told to stop by: they may not listen, and the runner may be killed before their grace is over.
 * - It joins standard error to standard output, so that a log has both in the order in which they were written, as a
 *   terminal would.
 */

/** On the host: the stream is file descriptor 3, and the process group is the command's own. */
export const hostPrelude =
  '( (trap "" HUP INT TERM; read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & ); exec "$0" "$@" 2>&1 3<&-';

/**
 * In a container: the stream is standard input, and all processes but the first are the command's. The engine would give a
 * signal to the first process only, whose shell waits for what it runs; so the watchdog passes on the names of signals that it
 * reads, {@link signalLine}, to all of them, as a terminal would.
 */
export const containerPrelude =
  'exec 3<&0 </dev/null; ( (trap "" HUP INT TERM; while read -r s <&3; do case $s in INT|TERM) kill -$s -1;; esac; done; kill -KILL -1) >/dev/null 2>&1 & ); exec "$0" "$@" 2>&1 3<&-';

/**
 * What is written to a container's standard input to have its watchdog pass on a signal. It begins on a line of its own: podman
 * takes the body of the request that attached to the container for the beginning of its input.
 */
export function signalLine(signal: StopSignal): string {
  return `\n${signal.slice('SIG'.length)}\n`;
}
