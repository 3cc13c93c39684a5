import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { EngineRecord } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';

/** A running engine and its state directory. */
export interface FoundEngine extends EngineRecord {
  /** Absolute path. */
  readonly directory: string;
}

/** Default directory of the engine. */
export const defaultDirectory = '.bclaw';

/** The file that the engine writes into its directory while it runs. */
const fileName = 'engine.json';

/** The engine recorded in a directory, running or not. */
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

/** Returns true if this exact engine responds at its URL: its port and process id may have been reused. */
async function answers(engine: EngineRecord): Promise<boolean> {
  try {
    const health = await fetch(`${engine.url}/_bclaw/health`, { signal: AbortSignal.timeout(2_000) });
    const record: unknown = await health.json();
    return isEngineRecord(record) && record.pid === engine.pid;
  } catch {
    return false; // no response, or not an engine
  }
}

/** The running engine of a directory, if any. */
export async function findEngine(directory: string): Promise<FoundEngine | undefined> {
  const engine = await readEngine(directory);
  return engine !== undefined && (await answers(engine)) ? engine : undefined;
}

/** The running engine of this folder or of the nearest parent folder, in the way git finds its repository. */
export async function findEngineAbove(from: string = process.cwd()): Promise<FoundEngine | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const engine = await findEngine(join(folder, defaultDirectory));
    if (engine !== undefined) return engine;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The directory, in this folder or a parent folder, of an engine that does not run any more. */
export function findStoppedEngineAbove(from: string = process.cwd()): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const directory = join(folder, defaultDirectory);
    if (existsSync(join(directory, 'journal.jsonl'))) return directory;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Selects the engine of a command. */
export interface SomeEngine {
  /** The engine's directory; default: that of the running engine of this folder or of a parent folder. */
  readonly directory?: string;
}

/**
 * The running engine of a command.
 *
 * @throws BclawError `no-engine`
 */
export async function requireEngine({ directory }: SomeEngine): Promise<FoundEngine> {
  const engine = directory === undefined ? await findEngineAbove() : await findEngine(resolve(directory));
  if (engine !== undefined) return engine;
  const where = directory === undefined ? 'in this folder or above it' : `in ${directory}`;
  throw new BclawError('no-engine', `No embedded engine runs ${where}.`, {
    hint: 'Start one with `bclaw local start --detach`.',
  });
}
