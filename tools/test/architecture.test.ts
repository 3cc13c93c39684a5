import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const script = join(root, 'tools/architecture.mjs');

describe('the architecture check', () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'bclaw-architecture-'));
    for (const name of readdirSync(join(root, 'packages'))) {
      mkdirSync(join(copy, 'packages', name, 'src'), { recursive: true });
      cpSync(join(root, 'packages', name, 'src'), join(copy, 'packages', name, 'src'), { recursive: true });
    }
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const checkWith = (path: string, source: string) => {
    writeFileSync(join(copy, path), source);
    return spawnSync(process.execPath, [script, copy], { encoding: 'utf8' });
  };

  it('accepts the repository as it is', () => {
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(/every import allowed/);
  });

  it.each([
    [
      'an AWS client in the compiler',
      'packages/compiler/src/x.ts',
      "import { S3Client } from '@aws-sdk/client-s3';\nS3Client;",
    ],
    ['a Node.js module in the language', 'packages/spec/src/x.ts', "import { readFileSync } from 'fs';\nreadFileSync;"],
    [
      'the compiler in a function, as a type only',
      'packages/functions/src/x.ts',
      "import type { CompileResult } from '@bclaw/compiler';\nexport type X = CompileResult;",
    ],
    [
      'the embedded engine in ops, loaded lazily',
      'packages/ops/src/x.ts',
      "export const start = () => import('@bclaw/local');",
    ],
    ['ops re-exported by the macro', 'packages/macro/src/x.ts', "export * from '@bclaw/ops';"],
    [
      "another package's sources by a relative path",
      'packages/runner/src/x.ts',
      "export * from '../../spec/src/index.js';",
    ],
    ['a type query', 'packages/launcher/src/x.ts', "export type Spec = typeof import('@bclaw/spec');"],
  ])('refuses %s', (_what, path, source) => {
    const result = checkWith(path, source);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain(`${path}:1`);
  });
});
