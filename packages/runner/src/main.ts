import { argv, env, exit, stdout } from 'node:process';
import { runnerErrorExitCode } from '@bclaw/spec/contract';
import { logOf, runProgram } from './program.js';
import { reportError } from './run-job.js';
import { Stopped, type StopSignal } from './stopped.js';

const write = (text: string | Buffer) => void stdout.write(text);
const given = argv.slice(2);

// Node.js's own warnings are about this program, not about the job, and would be unprefixed lines in its log.
process.removeAllListeners('warning');
process.on('uncaughtException', (error) => {
  reportError(logOf(write), error);
  exit(runnerErrorExitCode);
});

if (given.length === 1 && given[0] === 'serve') {
  const { serveJobs } = await import('./warm/serve.js');
  await serveJobs();
} else {
  const stopping = new AbortController();
  const stopWith = (signal: StopSignal) => stopping.abort(new Stopped(signal));
  process.on('SIGTERM', stopWith);
  process.on('SIGINT', stopWith);
  // The reader is gone, and with it the parent of this job, so the job stops too.
  stdout.on('error', () => stopWith('SIGTERM'));
  const exitCode = await runProgram({ arguments: given, environment: env, write, stop: stopping.signal });
  // Connections that S3 keeps open would keep the process alive for seconds.
  stdout.write('', () => exit(exitCode));
}
