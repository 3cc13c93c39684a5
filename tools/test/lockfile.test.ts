import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

/** The lockfile's entries of packages from a registry, by folder. */
function packagesFromRegistry(lockfile: string): [path: string, locked: LockedPackage][] {
  const { packages } = JSON.parse(readFileSync(join(root, lockfile), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);
}

describe.each(['package-lock.json', 'conformance/package-lock.json'])('%s', (lockfile) => {
  const packages = packagesFromRegistry(lockfile);

  it('lists packages', () => {
    expect(packages.length).toBeGreaterThan(100);
  });

  it('has a checksum for every package (npm view <package>@<version> dist.integrity)', () => {
    const without = packages.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
    expect(without.map(([path, { version }]) => `${path}@${version}`)).toEqual([]);
  });

  it('names no registry: an installation asks the one that it is configured for', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
});
