import { Argument, type Command } from 'commander';
import type { Shell } from '../commands/completion.js';
import type { Terminal } from '../terminal.js';
import { withExamples } from './options.js';

const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly Shell[];

/** `completion`, `help`: commands for the shell. */
export function declareShellCommands(program: Command, terminal: Terminal): void {
  const completion = program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(shells))
    .summary('print the script that lets a shell complete bclaw')
    .description(
      'Prints the script that lets a shell complete commands, options and their values. Load it in the file that the ' +
        'shell reads when it starts: ~/.bashrc, ~/.zshrc (after compinit) or ~/.config/fish/config.fish.',
    );
  withExamples(
    completion,
    "echo 'source <(bclaw completion bash)' >> ~/.bashrc",
    "echo 'source <(bclaw completion zsh)' >> ~/.zshrc",
    "echo 'bclaw completion fish | source' >> ~/.config/fish/config.fish",
    'bclaw completion bash',
  );
  completion.action(async (shell, _options) =>
    (await import('../commands/completion.js')).completion(shell, program, terminal),
  );
  program.helpCommand('help [command]', 'print the help of a command');
}
