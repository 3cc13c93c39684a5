import { runCommand } from './program.js';

// bclaw also supports Node.js 20; the AWS SDK's announcement that it will drop it does not concern the user.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A closed pipe (`bclaw logs … | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// If standard error fails (the terminal is closed, the disk with the log is full), the command continues.
process.stderr.on('error', () => {});

process.exitCode = await runCommand(process.argv.slice(2), process);
