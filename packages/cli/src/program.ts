import { Command } from 'commander';
import { declareAuthoringCommands } from './declarations/authoring.js';
import { declareEngineCommands } from './declarations/engine.js';
import { declareJobCommands } from './declarations/jobs.js';
import { declareShellCommands } from './declarations/shell.js';
import { declareTemplateCommands } from './declarations/templates.js';
import { declareVersionCommands } from './declarations/versions.js';
import { type ExitCode, exitCode, reportFailure } from './failure.js';
import { type Surroundings, Terminal } from './terminal.js';
import { bclawVersion } from './version.js';

/** The complete command declaration; the code of a command is loaded when it runs. */
export function createProgram(surroundings: Surroundings, terminal: Terminal): Command {
  const program = new Command('bclaw')
    .description('Scientific workflows on AWS Batch and Step Functions, deployed blue/green.')
    .version(bclawVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    // After a command, --version is the command's own option: a version of the workflow.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    })
    .showHelpAfterError('(--help shows how)');
  program.commandsGroup('Templates:');
  declareAuthoringCommands(program, terminal);
  declareTemplateCommands(program, terminal);
  program.commandsGroup('Versions:');
  declareVersionCommands(program, terminal);
  program.commandsGroup('Jobs:');
  declareJobCommands(program, terminal);
  program.commandsGroup('Where they run:');
  declareEngineCommands(program, terminal);
  program.commandsGroup('The shell:');
  declareShellCommands(program, terminal);
  return program;
}

/**
 * Runs the command with arguments.
 *
 * @param args without `node` and the script
 * @returns the exit code: 0 ok, 1 failed, 2 usage, 3 diagnostics with errors
 *
 * @example
 * ```ts
 * process.exitCode = await runCommand(['check', 'workflow.yaml'], process);
 * ```
 */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const terminal = new Terminal(surroundings);
  try {
    await createProgram(surroundings, terminal).parseAsync([...args], { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    return await reportFailure(error, terminal, Boolean(surroundings.env['BCLAW_DEBUG']));
  }
}
