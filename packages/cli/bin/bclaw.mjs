#!/usr/bin/env node
// The command. npm links it during installation, when a clone has no build yet: the first call builds it. A package
// from a registry contains its build.
import { existsSync } from 'node:fs';
import module from 'node:module';

const program = new URL('../dist/main.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('bclaw: this clone has no build yet; building, once\n');
  const { setup } = await import('../../../tools/build-all.mjs');
  setup();
}
// Node.js 22.1 and later keep compiled code from one call to the next.
module.enableCompileCache?.();
await import(program.href);
