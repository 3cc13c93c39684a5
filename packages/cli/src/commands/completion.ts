import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { bashCompletion } from '../completion/bash.js';
import { commandTree } from '../completion/command-tree.js';
import { fishCompletion } from '../completion/fish.js';
import { zshCompletion } from '../completion/zsh.js';
import type { Terminal } from '../terminal.js';

/** The shells that completion scripts are written for. */
export type Shell = 'bash' | 'zsh' | 'fish';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `bclaw completion`: the completion script for this version of bclaw. */
export function completion(shell: Shell, program: CommandUnknownOpts, terminal: Terminal): void {
  terminal.data(scripts[shell](commandTree(program)).trimEnd());
}
