import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { BclawError } from '@bclaw/spec/run-time';

/** The common type tests of `Dirent` and `Stats`. */
type Kind = Pick<Stats, 'isBlockDevice' | 'isCharacterDevice' | 'isFIFO' | 'isSocket'>;

/** Node.js's codes for a path that does not exist: no such name, a name below a file, a loop of links. */
const nowhere = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Returns true if a path in the workspace is a file, or a link to one. Nothing is opened, because opening a named pipe
 * would wait for its writer.
 *
 * @param name the path in the template
 * @throws BclawError `bad-output` when it is neither file nor folder, or when access is denied
 */
export async function isLeftFile(path: string, name: string): Promise<boolean> {
  const entry = await lookAt(path, name);
  if (entry === undefined) return false;
  const special = specialKind(entry);
  if (special !== undefined) throw specialFile(name, special);
  return entry.isFile();
}

/** The kind of an entry that is neither file, folder nor link; undefined for these. */
export function specialKind(entry: Kind): string | undefined {
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  if (entry.isCharacterDevice() || entry.isBlockDevice()) return 'a device';
  return undefined;
}

/** Only files of finite size can be uploaded. */
export function specialFile(name: string, kind: string): BclawError {
  return new BclawError('bad-output', `The output ${name} is ${kind}; only files are uploaded.`, {
    hint: 'Have the commands write to a file of that name.',
  });
}

/** The reason why this program cannot read a file that the commands left. */
export function forbidden(name: string, cause: unknown): BclawError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BclawError('bad-output', `The output ${name} cannot be read for want of permission: ${reason}.`, {
    hint: 'Have the commands leave their files readable, and their folders searchable: chmod -R u+rwX …',
    cause,
  });
}

/** Returns true for an error of missing permission. */
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
