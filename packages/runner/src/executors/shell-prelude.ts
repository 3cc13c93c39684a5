import type { StopSignal } from '../stopped.js';

/*
 * A shell's preparation before it executes the requested command:
 * - It leaves a watchdog in the background that reads from a stream whose other end the runner holds. When the runner
 *   dies, even by SIGKILL, the stream ends and the watchdog kills the commands: nothing stays behind. The double fork
 *   keeps it from being a child of the command, which may wait for all of its children. It ignores the signals that
 *   stop the commands: they may ignore them too, and the runner may be killed before their grace period is over.
 * - It joins standard error to standard output, so that a log has both in the order in which they were written, as a
 *   terminal would.
 */

/** On the host: the stream is file descriptor 3, and the process group is the command's own. */
export const hostPrelude =
  '( (trap "" HUP INT TERM; read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & ); exec "$0" "$@" 2>&1 3<&-';

/** The request for a line with the memory in use, for a container's standard input. */
export const usageLine = '\nUSAGE\n';

/** The first words of lines that report what a container's processes need, after `bclaw: `. */
export const usageWords = {
  /** Bytes of the processes' own memory and of shared memory, to be added up. */
  memory: 'memory',
  /** The highest number of bytes, files in the kernel's memory included. */
  peak: 'peak',
  /** Processor time: cgroups v2 count microseconds, v1 nanoseconds. */
  microseconds: 'cpu-us',
  nanoseconds: 'cpu-ns',
} as const;

const cgroup = '/sys/fs/cgroup';

/** Shell functions that report on the container's control group, in builtin commands only. */
const usageFunctions = [
  `m() { a=; for f in ${cgroup}/memory.stat ${cgroup}/memory/memory.stat; do if [ -r $f ]; then while read -r k n; do case $k in anon|rss|shmem) a="$a $n";; esac; done <$f; fi; done; echo "bclaw: ${usageWords.memory}$a" >&4; }`,
  `r() { if [ -r $2 ] && read -r n <$2; then echo "bclaw: $1 $n" >&4; fi; }`,
  `u() { m; r ${usageWords.peak} ${cgroup}/memory.peak; r ${usageWords.peak} ${cgroup}/memory/memory.max_usage_in_bytes; r ${usageWords.nanoseconds} ${cgroup}/cpuacct/cpuacct.usage; if [ -r ${cgroup}/cpu.stat ]; then while read -r k n; do case $k in usage_usec) echo "bclaw: ${usageWords.microseconds} $n" >&4;; esac; done <${cgroup}/cpu.stat; fi; }`,
] as const;

/** The messages of a container's prelude to the runner, each on its own line. */
export const preludeWords = { noShell: 'bclaw: no shell', killedForMemory: 'bclaw: killed for memory' } as const;

/**
 * In a container: the stream is standard input, and all processes except this shell and the first belong to the
 * command. The engine would send a signal only to the first process, whose shell waits for its child; so the watchdog
 * reads the names of signals, {@link signalLine}, and sends them to all of them, as a terminal would.
 *
 * This shell stays, waits and ignores the signals that stop the commands. So the command is never the first process,
 * which its own watchdog could not kill where there is no init process. And this shell can report what the exit code
 * does not show: that the kernel has killed one of the processes for the container's memory (`memory.events` of cgroups
 * v2, `memory.oom_control` of v1). It reports on standard error, with the words of {@link preludeWords}, and with those of
 * {@link usageWords} the memory in use when the runner asks for it, and in the end the processor time.
 */
export const containerPrelude = [
  'exec 3<&0 4>&2 </dev/null 2>/dev/null',
  ...usageFunctions,
  '( (trap "" HUP INT TERM; while read -r s <&3; do case $s in INT|TERM) kill -$s -1;; USAGE) m;; esac; done; kill -KILL -1) >/dev/null & )',
  `command -v "$0" >/dev/null || { echo "${preludeWords.noShell}" >&4; exit 127; }`,
  'trap : INT TERM',
  '"$0" "$@" 2>&1 3<&- 4>&-',
  'c=$?',
  'u',
  'for f in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control',
  `do if [ -r $f ]; then while read -r k n; do case $k:$n in oom_kill:0) ;; oom_kill:*) echo "${preludeWords.killedForMemory}" >&4;; esac; done <$f; fi; done`,
  'exit $c',
].join('; ');

/**
 * The text that makes a container's watchdog forward a signal, for the container's standard input. It starts with a
 * newline: podman treats the body of the request that attached to the container as the beginning of its input.
 */
export function signalLine(signal: StopSignal): string {
  return `\n${signal.slice('SIG'.length)}\n`;
}
