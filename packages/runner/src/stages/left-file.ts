import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { BclawError } from '@bclaw/spec/run-time';

/** What of an entry's type tells, of a `Dirent` as of `Stats`. */
type Kind = Pick<Stats, 'isBlockDevice' | 'isCharacterDevice' | 'isFIFO' | 'isSocket'>;

/** Node.js's codes for a path that leads nowhere: no such name, a name below a file, a loop of links. */
const nowhere = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Whether a path that the commands may have left is a file, or a link to one. Nothing is opened: a named pipe would wait for
 * its writer.
 *
 * @param name the path as the template has it
 * @throws BclawError `bad-output` when it is neither file nor folder, or when it may not be looked at
 */
export async function isLeftFile(path: string, name: string): Promise<boolean> {
  const entry = await lookAt(path, name);
  if (entry === undefined) return false;
  const special = specialKind(entry);
  if (special !== undefined) throw specialFile(name, special);
  return entry.isFile();
}

/** What an entry is that is neither file, folder nor link; undefined when it is one of these. */
export function specialKind(entry: Kind): string | undefined {
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  if (entry.isCharacterDevice() || entry.isBlockDevice()) return 'a device';
  return undefined;
}

/** What is uploaded has an end. */
export function specialFile(name: string, kind: string): BclawError {
  return new BclawError('bad-output', `The output ${name} is ${kind}; only files are uploaded.`, {
    remedy: 'Have the commands write to a file of that name.',
  });
}

/** Why something that the commands left cannot be read by this program. */
export function forbidden(name: string, cause: unknown): BclawError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BclawError('bad-output', `The output ${name} cannot be read for want of permission: ${reason}.`, {
    remedy: 'Have the commands leave their files readable, and their folders searchable: chmod -R u+rwX …',
    cause,
  });
}

/** Whether an error says that this user may not. */
export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(codeOf(error));
}

async function lookAt(path: string, name: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (nowhere.has(codeOf(error))) return undefined;
    if (isForbidden(error)) throw forbidden(name, error);
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
