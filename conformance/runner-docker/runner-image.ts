import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Podman } from './podman.js';

const runnerPackage = new URL('../../packages/runner', import.meta.url).pathname;

/**
 * Imports an image with only this machine's Node.js, its shared libraries from Debian, and busybox: a base that needs
 * no registry.
 */
export function importNodeImage(podman: Podman, name: string): void {
  const root = mkdtempSync(join(podman.directory, 'node-'));
  for (const folder of ['bin', 'tmp', 'usr/bin']) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  symlinkSync('busybox', join(root, 'bin/sh'));
  copyFileSync(process.execPath, join(root, 'usr/bin/node'));
  for (const library of librariesOf(process.execPath)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  const archive = `${root}.tar`;
  execFileSync('tar', ['-C', root, '-cf', archive, '.']);
  podman.podman('import', archive, name);
}

/** Paths of a program's shared libraries, including the loader. */
function librariesOf(program: string): readonly string[] {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

/** Builds packages/runner/Dockerfile on a base. */
export function buildRunnerImage(podman: Podman, name: string, base: string): void {
  podman.podman('build', '--quiet', '--build-arg', `BASE_IMAGE=${base}`, '--tag', name, runnerPackage);
}
