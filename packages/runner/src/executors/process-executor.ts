import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { BclawError } from '@bclaw/spec/run-time';
import { type CommandEnd, type Executor, killedExitCode, killedReason } from './executor.js';
import { ProcessUsage } from './process-usage.js';
import { hostPrelude } from './shell-prelude.js';
import { killStrays } from './strays.js';

/** Time in which output is still read when an unknown process keeps the pipe open. */
const strayOutputMs = 2_000;

/**
 * Runs commands as processes of this machine, in their own process group; processes that leave the group are killed
 * too.
 */
export function createProcessExecutor(options: { readonly stopGraceMs: number }): Executor {
  return {
    prepare: async () => undefined,
    // Commands run as this user, who can change all of this user's files.
    protectsFiles: false,
    isShared: () => true,

    async start(request) {
      const startedAt = performance.now();
      const used = new ProcessUsage();
      const child = spawn('/bin/sh', ['-c', hostPrelude, ...request.command], {
        cwd: request.workingDirectory,
        env: request.environment,
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
        detached: true,
      });
      try {
        await once(child, 'spawn');
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new BclawError('cannot-start', `The commands could not be started: ${reason}.`, { cause });
      }
      const { pid: group, stdout, stdio } = child;
      if (group !== undefined) used.follow(group);
      let running = true;
      let kill: NodeJS.Timeout | undefined;
      const signalGroup = (signal: NodeJS.Signals) => {
        if (running && group !== undefined) signalProcessGroup(group, signal);
      };
      stdout?.on('data', request.onOutput);
      // The watchdog never writes; an error here only means that the pipe is closed.
      stdio[3]?.on('error', () => undefined);
      const ended = new Promise<CommandEnd>((resolve) => {
        child.once('exit', (code, signal) => {
          clearTimeout(kill);
          const usage = used.end();
          // The watchdog is a member, so the group still exists and its id cannot be another's.
          signalGroup('SIGKILL');
          running = false;
          stdio[3]?.destroy();
          const stray = setTimeout(() => stdout?.destroy(), strayOutputMs);
          const closed = once(child, 'close').finally(() => clearTimeout(stray));
          const gone = killStrays({
            variable: `BC_WORKSPACE=${request.environment['BC_WORKSPACE']}`,
            leader: group ?? 0,
            milliseconds: performance.now() - startedAt,
          });
          resolve(Promise.all([closed, gone]).then(() => ({ ...endOf(code, signal), usage })));
        });
      });
      return {
        ended,
        stop(signal) {
          signalGroup(signal);
          kill ??= setTimeout(() => signalGroup('SIGKILL'), options.stopGraceMs);
        },
      };
    },
  };
}

function endOf(code: number | null, signal: NodeJS.Signals | null): CommandEnd {
  const exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
  // Without a stop request, nothing else would have killed the shell or its children.
  if (exitCode === killedExitCode) return { exitCode, reason: killedReason('this machine has') };
  return signal === null ? { exitCode } : { exitCode, reason: `The commands were ended by ${signal}.` };
}

function signalProcessGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: all are gone. EPERM: macOS's error for processes that are gone but not yet reaped.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
