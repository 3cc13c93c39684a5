import { controlFolder, jobDataName } from './contract.js';

/**
 * Returns true if an object, given by its key or by its path in a repository, is internal to bclaw: the job's data, the
 * copy of the job file, markers, items of scatters. Globs, scatter sources and gathered outputs ignore it.
 *
 * @example isSystemFile('run-7/_control_/job/sample.json') // true
 */
export function isSystemFile(path: string): boolean {
  const parts = path.split('/');
  return parts.at(-1) === jobDataName || parts.slice(0, -1).includes(controlFolder);
}
