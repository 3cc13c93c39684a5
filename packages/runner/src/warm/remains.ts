import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cwd, getActiveResourcesInfo, umask } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** State of a process that one job could leave to the next. */
interface ProcessState {
  readonly directory: string;
  readonly umask: number;
  /** Each event of the process, signals among them, and the number of its listeners. */
  readonly listeners: string;
  /** Open sockets, timers, child processes and the like, by kind. */
  readonly resources: ReadonlyMap<string, number>;
}

/** Time for closed sockets and ended children to disappear. */
const settleMs = 200;
const pauseMs = 5;

function currentState(): ProcessState {
  const resources = new Map<string, number>();
  for (const kind of getActiveResourcesInfo()) resources.set(kind, (resources.get(kind) ?? 0) + 1);
  const counts = process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
  return { directory: cwd(), umask: umask(), listeners: counts.sort().join('\n'), resources };
}

/** Compares the process after each job with the process before its first one. */
export class Remains {
  readonly #before = currentState();

  /** Returns true if the job has left nothing, waiting a moment for what is just being closed. */
  async none(): Promise<boolean> {
    const deadline = performance.now() + settleMs;
    while (!this.#isAsBefore()) {
      if (performance.now() > deadline) return false;
      // The timer itself is no longer active when the next comparison is made.
      await delay(pauseMs);
    }
    return true;
  }

  #isAsBefore(): boolean {
    const before = this.#before;
    const now = currentState();
    return (
      now.directory === before.directory &&
      now.umask === before.umask &&
      now.listeners === before.listeners &&
      [...now.resources].every(([kind, count]) => count <= (before.resources.get(kind) ?? 0))
    );
  }
}

/**
 * The versions of the AWS SDK's two configuration files, which it reads once in the life of a process. Two jobs may
 * share a process only if they would read the same.
 */
export function awsFilesOf(environment: NodeJS.ProcessEnv): string {
  const files = [
    environment['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config'),
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws', 'credentials'),
  ];
  return files.map((file) => `${file} ${versionOf(file)}`).join('\n');
}

function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? 'absent' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
