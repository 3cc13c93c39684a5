import { isSystemFile } from '@bclaw/spec/run-time';

/** A file in the repository of a scatter branch. */
export interface BranchFile {
  /** Number of the branch, which is also its folder's name. */
  readonly branch: string;
  /** Path in the branch's repository. */
  readonly path: string;
}

/**
 * Parses a path below a scatter's folder.
 *
 * @returns undefined for a path outside of the branches, and for bclaw's own files: `_JOB_DATA_` and `_control_/…`
 * @example branchFile('00042/calls/s1.vcf') // { branch: '00042', path: 'calls/s1.vcf' }
 */
export function branchFile(path: string): BranchFile | undefined {
  const slash = path.indexOf('/');
  const branch = path.slice(0, slash);
  if (slash < 5 || !/^\d+$/.test(branch)) return undefined;
  const rest = path.slice(slash + 1);
  return isSystemFile(rest) ? undefined : { branch, path: rest };
}
