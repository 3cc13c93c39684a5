import { runCommand } from './program.js';

// bclaw runs on Node.js 20 as well; that the AWS SDK will not, one day, is no concern of who types a command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A reader that has seen enough (`bclaw logs … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// What nobody can be told (the terminal is closed, the disk with the log is full) is no reason to end what is told about.
process.stderr.on('error', () => {});

process.exitCode = await runCommand(process.argv.slice(2), process);
