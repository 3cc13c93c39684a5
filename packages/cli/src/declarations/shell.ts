import { Argument, type Command } from '@commander-js/extra-typings';
import type { Shell } from '../commands/completion.js';
import { withExamples } from './options.js';

const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly Shell[];

/** `bclaw completion`. */
export const completionCommand = (program: Command) =>
  withExamples(
    program
      .command('completion')
      .addArgument(new Argument('<shell>').choices(shells))
      .summary('print the script that lets a shell complete bclaw')
      .description(
        'Prints the script that lets a shell complete commands, options and their values. Load it in the file that the ' +
          'shell reads when it starts: ~/.bashrc, ~/.zshrc (after compinit) or ~/.config/fish/config.fish.',
      ),
    "echo 'source <(bclaw completion bash)' >> ~/.bashrc",
    "echo 'source <(bclaw completion zsh)' >> ~/.zshrc",
    "echo 'bclaw completion fish | source' >> ~/.config/fish/config.fish",
    'bclaw completion bash',
  );
