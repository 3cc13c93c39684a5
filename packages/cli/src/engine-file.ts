import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { EngineRecord } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';

/** A running engine, and where it keeps its state. */
export interface FoundEngine extends EngineRecord {
  /** Absolute path. */
  readonly directory: string;
}

/** The engine's directory unless one is given. */
export const defaultDirectory = '.bclaw';

/** The engine writes it into its directory while it runs. */
const fileName = 'engine.json';

/** The engine that says it runs in a directory, whether it still does or not. */
async function readEngine(directory: string): Promise<FoundEngine | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(directory, fileName), 'utf8'));
    return isEngineRecord(value) ? { ...value, directory: resolve(directory) } : undefined;
  } catch {
    return undefined; // no engine has run here, or its record is damaged
  }
}

function isEngineRecord(value: unknown): value is EngineRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record: Partial<Record<keyof EngineRecord, unknown>> = value;
  const texts = [record.url, record.accountId, record.region, record.startedAt];
  const executors: readonly unknown[] = ['process', 'docker'];
  return (
    texts.every((text) => typeof text === 'string') &&
    executors.includes(record.executor) &&
    Number.isInteger(record.pid)
  );
}

/** Whether this very engine answers at its URL: its port and its process id may be somebody else's by now. */
async function answers(engine: EngineRecord): Promise<boolean> {
  try {
    const health = await fetch(`${engine.url}/_bclaw/health`, { signal: AbortSignal.timeout(2_000) });
    const record: unknown = await health.json();
    return isEngineRecord(record) && record.pid === engine.pid;
  } catch {
    return false; // nobody is there, or it is no engine
  }
}

/** The engine that runs in a directory, if it does. */
export async function findEngine(directory: string): Promise<FoundEngine | undefined> {
  const engine = await readEngine(directory);
  return engine !== undefined && (await answers(engine)) ? engine : undefined;
}

/** The running engine of this folder or of one above it, as git finds its repository. */
export async function findEngineAbove(from: string = process.cwd()): Promise<FoundEngine | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const engine = await findEngine(join(folder, defaultDirectory));
    if (engine !== undefined) return engine;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The directory, of this folder or of one above it, of an engine that has been here and does not run. */
export function findStoppedEngineAbove(from: string = process.cwd()): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const directory = join(folder, defaultDirectory);
    if (existsSync(join(directory, 'journal.jsonl'))) return directory;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Which engine a command means. */
export interface SomeEngine {
  /** The engine's directory; without it the running engine of this folder or of one above it. */
  readonly directory?: string;
}

/**
 * The running engine that a command means.
 *
 * @throws BclawError `no-engine`
 */
export async function requireEngine({ directory }: SomeEngine): Promise<FoundEngine> {
  const engine = directory === undefined ? await findEngineAbove() : await findEngine(resolve(directory));
  if (engine !== undefined) return engine;
  const where = directory === undefined ? 'in this folder or above it' : `in ${directory}`;
  throw new BclawError('no-engine', `No embedded engine runs ${where}.`, {
    remedy: 'Start one with `bclaw local start --detach`.',
  });
}
