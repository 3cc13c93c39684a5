import { didYouMean } from '@bclaw/spec';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { graphCommand, initCommand } from './declarations/authoring.js';
import {
  demoCommand,
  doctorCommand,
  installCommand,
  localCommand,
  localCopyCommand,
  localListCommand,
  localMessagesCommand,
  localPruneCommand,
  localResetCommand,
  localStartCommand,
  localStatusCommand,
  localStopCommand,
  runCommand as runWorkflowCommand,
  uninstallCommand,
} from './declarations/engine.js';
import {
  deadLettersCommand,
  executionsCommand,
  logsCommand,
  redriveCommand,
  reportCommand,
  statusCommand,
  stopCommand,
  submitCommand,
} from './declarations/jobs.js';
import { completionCommand } from './declarations/shell.js';
import { checkCommand, compileCommand, deployCommand, planCommand } from './declarations/templates.js';
import {
  destroyCommand,
  historyCommand,
  promoteCommand,
  pruneCommand,
  rollbackCommand,
  versionsCommand,
  workflowsCommand,
} from './declarations/versions.js';
import { type ExitCode, exitCode, reportFailure, UsageError } from './failure.js';
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
  initCommand(program).action(async (folder, options) =>
    (await import('./commands/init.js')).init(folder, options, terminal),
  );
  graphCommand(program).action(async (file, options) =>
    (await import('./commands/graph.js')).graph(file, options, terminal),
  );
  checkCommand(program).action(async (files, options) =>
    (await import('./commands/check.js')).check(files, options, terminal),
  );
  compileCommand(program).action(async (file, options) =>
    (await import('./commands/compile.js')).compile(file, options, terminal),
  );
  planCommand(program).action(async (file, options) =>
    (await import('./commands/plan.js')).plan(file, options, terminal),
  );
  deployCommand(program).action(async (file, options) =>
    (await import('./commands/deploy.js')).deploy(file, options, terminal),
  );
  program.commandsGroup('Versions:');
  workflowsCommand(program).action(async (options) =>
    (await import('./commands/workflows.js')).workflows(options, terminal),
  );
  versionsCommand(program).action(async (workflow, options) =>
    (await import('./commands/versions.js')).versions(workflow, options, terminal),
  );
  historyCommand(program).action(async (workflow, options) =>
    (await import('./commands/history.js')).history(workflow, options, terminal),
  );
  rollbackCommand(program).action(async (workflow, options) =>
    (await import('./commands/rollback.js')).rollback(workflow, options, terminal),
  );
  promoteCommand(program).action(async (workflow, options) =>
    (await import('./commands/rollback.js')).promote(workflow, options, terminal),
  );
  pruneCommand(program).action(async (workflow, options) =>
    (await import('./commands/prune.js')).prune(workflow, options, terminal),
  );
  destroyCommand(program).action(async (workflow, options) =>
    (await import('./commands/destroy.js')).destroy(workflow, options, terminal),
  );
  program.commandsGroup('Jobs:');
  submitCommand(program).action(async (workflow, files, options) =>
    (await import('./commands/submit.js')).submit(workflow, files, options, terminal),
  );
  executionsCommand(program).action(async (workflow, options) =>
    (await import('./commands/executions.js')).executions(workflow, options, terminal),
  );
  statusCommand(program).action(async (execution, options) =>
    (await import('./commands/status.js')).status(execution, options, terminal),
  );
  logsCommand(program).action(async (execution, options) =>
    (await import('./commands/logs.js')).logs(execution, options, terminal),
  );
  reportCommand(program).action(async (execution, options) =>
    (await import('./commands/report.js')).report(execution, options, terminal),
  );
  redriveCommand(program).action(async (execution, options) =>
    (await import('./commands/redrive.js')).redrive(execution, options, terminal),
  );
  stopCommand(program).action(async (execution, options) =>
    (await import('./commands/stop.js')).stop(execution, options, terminal),
  );
  deadLettersCommand(program).action(async (workflow, options) =>
    (await import('./commands/dead-letters.js')).deadLetters(workflow, options, terminal),
  );
  program.commandsGroup('Where they run:');
  runWorkflowCommand(program).action(async (file, options) =>
    (await import('./commands/run.js')).run(file, options, terminal),
  );
  const local = localCommand(program);
  localStartCommand(local).action(async (options) => (await import('./commands/local.js')).start(options, terminal));
  localStopCommand(local).action(async (options) => (await import('./commands/local.js')).stop(options, terminal));
  localStatusCommand(local).action(async (options) => (await import('./commands/local.js')).status(options, terminal));
  localMessagesCommand(local).action(async (options) =>
    (await import('./commands/local-messages.js')).messages(options, terminal),
  );
  localCopyCommand(local).action(async (from, to, options) =>
    (await import('./commands/local-files.js')).copy(from, to, options, terminal),
  );
  localListCommand(local).action(async (uri, options) =>
    (await import('./commands/local-files.js')).list(uri, options, terminal),
  );
  localPruneCommand(local).action(async (options) =>
    (await import('./commands/local-prune.js')).prune(options, terminal),
  );
  localResetCommand(local).action(async (options) => (await import('./commands/local.js')).reset(options, terminal));
  demoCommand(program).action(async (options) => (await import('./commands/demo.js')).demo(options, terminal));
  installCommand(program).action(async (options) => (await import('./commands/install.js')).install(options, terminal));
  doctorCommand(program).action(async (options) => (await import('./commands/doctor.js')).doctor(options, terminal));
  uninstallCommand(program).action(async (options) =>
    (await import('./commands/install.js')).uninstall(options, terminal),
  );
  program.commandsGroup('The shell:');
  completionCommand(program).action(async (shell, _options) =>
    (await import('./commands/completion.js')).completion(shell, program, terminal),
  );
  program.helpCommand('help [command]', 'print the help of a command');
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
    const program = createProgram(surroundings, terminal);
    requireHelpedCommand(program, args);
    await program.parseAsync([...args], { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    return await reportFailure(error, terminal, Boolean(surroundings.env['BCLAW_DEBUG']));
  }
}

/**
 * Commander prints the help of everything for `help <unknown>`, as if nothing were wrong.
 *
 * @throws UsageError
 */
function requireHelpedCommand(program: CommandUnknownOpts, args: readonly string[]): void {
  let command = program;
  for (const [index, word] of args.entries()) {
    if (word === 'help' && command.commands.length > 0) {
      const name = args[index + 1];
      const names = command.commands.map((known) => known.name());
      if (name === undefined || name.startsWith('-') || name === 'help' || names.includes(name)) return;
      throw new UsageError(`There is no command "${name}".`, didYouMean(name, names));
    }
    const next = command.commands.find((known) => known.name() === word);
    if (next === undefined) return;
    command = next;
  }
}
