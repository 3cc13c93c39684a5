#!/usr/bin/env node
import { runCommand } from './program.js';

// A reader that has seen enough (`bclaw logs … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommand(process.argv.slice(2), process);
