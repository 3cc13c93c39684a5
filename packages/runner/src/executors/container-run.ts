import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { LineSplitter } from '../lines.js';
import type { RunnerLog } from '../log.js';
import type { StopSignal } from '../stopped.js';
import { containerEnd, containerRemoved } from './container-end.js';
import { answerWithin, duringWork } from './engine-answer.js';
import { engineMessage, statusOf } from './engine-error.js';
import { type CommandEnd, killedExitCode, killedReason, type Limits, type RunningCommand } from './executor.js';
import { ReportedUsage } from './reported-usage.js';
import { shellError } from './shell-error.js';
import { preludeWords, signalLine, usageLine } from './shell-prelude.js';
import { lookRepeatedly } from './usage.js';

/** Options of a container's run. */
export interface ContainerRunOptions {
  readonly limits: Limits;
  readonly stopGraceMs: number;
  readonly log: RunnerLog;
  /** Receives the container's output, both streams. */
  readonly onOutput: (chunk: Buffer) => void;
  /**
   * The shell that the prelude of `shell-prelude.ts` starts; with it, signals go through standard input. Default: no
   * prelude.
   */
  readonly shell?: string;
}

/** Time in which output may still arrive after the container has ended. */
const lateOutputMs = 2_000;

/** Timeout of a container operation on a busy engine. */
const startMs = 120_000;

/** Timeout after the end of a container, when nothing depends on the engine's responses any more. */
const afterwardsMs = 30_000;

/** Maximum length of a message from the prelude, an init process or the engine itself on standard error. */
const longestWords = 10_000;

/**
 * Runs a container to its end and removes it.
 *
 * @throws BclawError through `ended` when the image has no shell that could run the commands, or when the engine went
 * away
 */
export async function runContainer(
  docker: Docker,
  settings: Docker.ContainerCreateOptions,
  options: ContainerRunOptions,
): Promise<RunningCommand> {
  const { log, shell } = options;
  const hasPrelude = shell !== undefined;
  const container = await create(docker, settings, log);
  const explain = async (words: string) => {
    if (shell === undefined) return;
    const error = await shellError(docker, container, { image: settings.Image ?? '', shell, words });
    if (error !== undefined) throw error;
  };
  try {
    const attaching = container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    const stream = await answerWithin(startMs, attaching);
    let isClosed = false;
    for (const event of ['end', 'close', 'error']) stream.on(event, () => (isClosed = true));
    let words = '';
    const reported = new ReportedUsage();
    const lines = new LineSplitter((line) => {
      if (!reported.take(line) && words.length < longestWords) words += `${line}\n`;
    });
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        options.onOutput(chunk);
        done();
      },
    });
    const ownWords = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.write(chunk);
        done();
      },
    });
    docker.modem.demuxStream(stream, output, hasPrelude ? ownWords : output);
    await answerWithin(startMs, container.start());
    let kill: NodeJS.Timeout | undefined;
    const stopLooking = lookRepeatedly(() => {
      if (hasPrelude && stream.writable) stream.write(usageLine);
    });
    const end = async (): Promise<CommandEnd> => {
      try {
        const exitCode = await containerEnd(container, { isClosed: () => isClosed, hasWatchdog: hasPrelude });
        stopLooking();
        await Promise.race([finished(stream).catch(() => undefined), delay(lateOutputMs, undefined, { ref: false })]);
        lines.end();
        if (exitCode !== 0) await explain(words);
        const killed = await killedForMemory(container, exitCode, words, options.limits);
        return { exitCode, ...killed, usage: reported.usage };
      } finally {
        stopLooking();
        clearTimeout(kill);
        stream.end();
        await remove(container, log);
      }
    };
    return {
      ended: end(),
      stop(signal: StopSignal) {
        if (hasPrelude && stream.writable) stream.write(signalLine(signal));
        if (!hasPrelude) void signalContainer(container, signal, log);
        kill ??= setTimeout(() => void signalContainer(container, 'SIGKILL', log), options.stopGraceMs);
      },
    };
  } catch (error) {
    try {
      await explain(engineMessage(error));
      throw duringWork(error);
    } finally {
      await remove(container, log);
    }
  }
}

/** Podman has an init process only if a separate package is installed. */
async function create(
  docker: Docker,
  settings: Docker.ContainerCreateOptions,
  log: RunnerLog,
): Promise<Docker.Container> {
  try {
    return await answerWithin(startMs, docker.createContainer(settings));
  } catch (error) {
    if (!/init binary/i.test(engineMessage(error))) throw error;
    log.warning(`The container runs without an init process: ${engineMessage(error)}.`, { stage: 'commands' });
    const withoutInit = { ...settings, HostConfig: { ...settings.HostConfig, Init: false } };
    return answerWithin(startMs, docker.createContainer(withoutInit));
  }
}

/** The reason why memory ended the commands, if it did; a shell's exit code alone only reflects its last process. */
async function killedForMemory(
  container: Docker.Container,
  exitCode: number,
  words: string,
  limits: Limits,
): Promise<Pick<CommandEnd, 'reason'>> {
  const memory = limits.memoryMiB === undefined ? 'the host has' : `${limits.memoryMiB} MiB`;
  const state = await answerWithin(afterwardsMs, container.inspect()).then(
    ({ State }) => State,
    (error: unknown) => {
      if (statusOf(error) === 404) throw containerRemoved(error);
      // The exit code is known; if the engine goes away now, the result is still valid.
      return undefined;
    },
  );
  if (state?.OOMKilled || words.includes(preludeWords.killedForMemory))
    return { reason: `The commands needed more memory than ${memory}; raise compute.memory.` };
  // Some engines do not report it; but without a stop request nothing else would have killed them.
  return exitCode === killedExitCode ? { reason: killedReason(memory) } : {};
}

/** A failed removal is left to the next runner and must not lose the result. */
async function remove(container: Docker.Container, log: RunnerLog): Promise<void> {
  try {
    await answerWithin(afterwardsMs, container.remove({ force: true, v: true }));
  } catch (error) {
    // 404: it is gone; 409: it is being removed.
    if (statusOf(error) !== 404 && statusOf(error) !== 409)
      log.warning(`The container could not be removed: ${engineMessage(error)}.`, { container: container.id });
  }
}

async function signalContainer(container: Docker.Container, signal: NodeJS.Signals, log: RunnerLog): Promise<void> {
  try {
    await container.kill({ signal });
  } catch (error) {
    // It has ended on its own.
    if (statusOf(error) !== 404 && statusOf(error) !== 409)
      log.warning(`The container did not take ${signal}: ${engineMessage(error)}.`);
  }
}
