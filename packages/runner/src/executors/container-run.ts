import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { RunnerLog } from '../log.js';
import type { StopSignal } from '../stopped.js';
import { engineMessage, noShellError, statusOf } from './engine-error.js';
import { type CommandEnd, killedExitCode, killedReason, type Limits, type RunningCommand } from './executor.js';
import { signalLine } from './shell-prelude.js';

/** How a container is run, beside what it is. */
export interface ContainerRunOptions {
  readonly limits: Limits;
  readonly stopGraceMs: number;
  readonly log: RunnerLog;
  /** Takes what the container prints, both streams. */
  readonly onOutput: (chunk: Buffer) => void;
  /** Whether `shell-prelude.ts` runs in it and takes signals from standard input. Default: false. */
  readonly hasPrelude?: boolean;
}

/** How the init processes of Docker (tini) and podman (catatonit) say that there is no `sh`; nothing else ran then. */
const noShell = { pattern: /^(\[FATAL tini|ERROR \(catatonit).*(exec sh failed|failed to exec)/, longestLine: 200 };

/** How long output may still come after the container has ended. */
const lateOutputMs = 2_000;

/**
 * Runs a container to its end and removes it.
 *
 * @throws BclawError through `ended` when the image has no shell that could have run anything
 */
export async function runContainer(
  docker: Docker,
  settings: Docker.ContainerCreateOptions,
  options: ContainerRunOptions,
): Promise<RunningCommand> {
  const { container, hasInit } = await create(docker, settings, options.log);
  try {
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    let beginning = '';
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (beginning.length < noShell.longestLine) beginning += chunk.toString();
        options.onOutput(chunk);
        done();
      },
    });
    docker.modem.demuxStream(stream, output, output);
    // The engine tells how the container ended; its line may break before.
    stream.on('error', () => undefined);
    await container.start();
    let kill: NodeJS.Timeout | undefined;
    const ended = endOf(container, stream, options.limits)
      .finally(() => clearTimeout(kill))
      .then((end) => {
        if (end.exitCode !== 0 && noShell.pattern.test(beginning))
          throw noShellError(settings.Image ?? '', beginning.trim());
        return end;
      });
    return {
      ended,
      stop(signal: StopSignal) {
        if (options.hasPrelude && stream.writable) stream.write(signalLine(signal));
        // Without an init process the shell is the first process, which only the engine's signals reach.
        if (!options.hasPrelude || !hasInit) void signalContainer(container, signal, options.log);
        kill ??= setTimeout(() => void signalContainer(container, 'SIGKILL', options.log), options.stopGraceMs);
      },
    };
  } catch (error) {
    await remove(container);
    throw error;
  }
}

/** Podman has an init process only where a package of its own is installed; without one, signals only kill. */
async function create(
  docker: Docker,
  settings: Docker.ContainerCreateOptions,
  log: RunnerLog,
): Promise<{ readonly container: Docker.Container; readonly hasInit: boolean }> {
  try {
    return { container: await docker.createContainer(settings), hasInit: settings.HostConfig?.Init === true };
  } catch (error) {
    if (!/init binary/i.test(engineMessage(error))) throw error;
    log.warning(`The container runs without an init process: ${engineMessage(error)}.`, { stage: 'commands' });
    const withoutInit = { ...settings, HostConfig: { ...settings.HostConfig, Init: false } };
    return { container: await docker.createContainer(withoutInit), hasInit: false };
  }
}

async function endOf(container: Docker.Container, stream: NodeJS.ReadWriteStream, limits: Limits): Promise<CommandEnd> {
  try {
    const { StatusCode: exitCode } = await container.wait();
    await Promise.race([finished(stream).catch(() => undefined), delay(lateOutputMs, undefined, { ref: false })]);
    const { State: state } = await container.inspect();
    const limit = limits.memoryMiB === undefined ? 'the host has' : `${limits.memoryMiB} MiB`;
    if (state.OOMKilled)
      return { exitCode, reason: `The commands needed more memory than ${limit}; raise compute.memory.` };
    // Some engines do not tell; and who else would have killed them, as long as nobody asked to?
    if (exitCode === killedExitCode) return { exitCode, reason: killedReason(limit) };
    return { exitCode };
  } finally {
    stream.end();
    await remove(container);
  }
}

async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    // 404: it is gone; 409: it is being removed.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}

async function signalContainer(container: Docker.Container, signal: NodeJS.Signals, log: RunnerLog): Promise<void> {
  try {
    await container.kill({ signal });
  } catch (error) {
    // It has ended by itself.
    if (statusOf(error) !== 404 && statusOf(error) !== 409)
      log.warning(`The container did not take ${signal}: ${engineMessage(error)}.`);
  }
}
