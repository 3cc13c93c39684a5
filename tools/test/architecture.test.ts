import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const script = join(root, 'tools/architecture.mjs');

const forbidden = [
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
] as const;

const circles = [
  [
    'files that import each other, types included',
    'packages/graph/src: x.ts, y.ts import each other in a circle',
    [
      ['packages/graph/src/x.ts', "import type { Y } from './y.js';\nexport type X = Y;"],
      ['packages/graph/src/y.ts', "export type { X as Y } from './x.js';"],
    ],
  ],
  [
    'a file that joins a circle which is allowed',
    'states/scatter.ts, states/x.ts import each other in a circle',
    [
      ['packages/compiler/src/states/x.ts', "export * from './block.js';"],
      ['packages/compiler/src/states/scatter.ts', "export * from './x.js';"],
    ],
  ],
] as const;

describe('the architecture check', () => {
  it('accepts the repository as it is', () => {
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(/every import allowed/);
  });

  describe('of a copy with forbidden imports and circles', () => {
    let copy: string;
    let status: number | null;
    let stderr: string;

    beforeAll(() => {
      copy = mkdtempSync(join(tmpdir(), 'bclaw-architecture-'));
      for (const name of readdirSync(join(root, 'packages'))) {
        mkdirSync(join(copy, 'packages', name, 'src'), { recursive: true });
        cpSync(join(root, 'packages', name, 'src'), join(copy, 'packages', name, 'src'), { recursive: true });
      }
      for (const [, path, source] of forbidden) writeFileSync(join(copy, path), source);
      for (const [, , files] of circles) for (const [path, source] of files) writeFileSync(join(copy, path), source);
      ({ status, stderr } = spawnSync(process.execPath, [script, copy], { encoding: 'utf8' }));
    });
    afterAll(() => rmSync(copy, { recursive: true, force: true }));

    it.each(forbidden)('refuses %s', (_what, path) => {
      expect(status).toBe(1);
      expect(stderr).toContain(`${path}:1`);
    });

    it.each(circles)('refuses %s', (_what, refusal) => {
      expect(status).toBe(1);
      expect(stderr).toContain(refusal);
    });

    it('refuses nothing else', () => {
      expect(stderr).toContain(`architecture: ${forbidden.length + circles.length} forbidden imports`);
    });
  });
});
