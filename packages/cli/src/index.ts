export type { ExitCode } from './failure.js';
export { runCommand } from './program.js';
export type { Surroundings } from './terminal.js';
