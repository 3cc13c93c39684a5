import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** The kind of a value, for completion. */
export type ValueKind = 'file' | 'word';

/** An option, with the data for completion. */
export interface CompletedOption {
  /** `-o`, `--output` */
  readonly flags: readonly string[];
  readonly description: string;
  /** The option's value; absent for a switch. */
  readonly value?: { readonly kind: ValueKind; readonly choices: readonly string[] };
}

/** A command, with the data for completion. */
export interface CompletedCommand {
  /** The words of the command, each after a slash: `''` for bclaw itself, `/local/start`. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly subcommands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  /** The command's arguments; absent when it takes none. */
  readonly argument?: { readonly kind: ValueKind; readonly choices: readonly string[] };
}

/** Placeholders of options and arguments that stand for a path on this machine. */
const pathPlaceholders = /^(file|folder|directory|template|job-file|from|to)\b/;

/** Reads the completion data from the declared command; options hidden from `--help` are left out. */
export function commandTree(command: CommandUnknownOpts, path = ''): CompletedCommand {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  return {
    path,
    name: command.name(),
    summary: command.summary() || firstSentence(command.description()),
    subcommands: subcommands.map((subcommand) => {
      const tree = commandTree(subcommand, `${path}/${subcommand.name()}`);
      return subcommand.name() === 'help' ? { ...tree, argument: { kind: 'word', choices: names(subcommands) } } : tree;
    }),
    options: help.visibleOptions(command).map(completedOption),
    ...argumentOf(command),
  };
}

/** All the commands of a tree, itself first. */
export function allCommands(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.subcommands.flatMap(allCommands)];
}

const names = (commands: readonly CommandUnknownOpts[]): string[] =>
  commands.map((command) => command.name()).filter((name) => name !== 'help');

/** Files if any argument is a file: `submit` takes a workflow first, whose names a shell cannot complete. */
function argumentOf(command: CommandUnknownOpts): Pick<CompletedCommand, 'argument'> {
  const kinds = command.registeredArguments.map((argument) => kindOf(argument.name()));
  const [first] = command.registeredArguments;
  if (first === undefined) return {};
  return { argument: { kind: kinds.includes('file') ? 'file' : 'word', choices: first.argChoices ?? [] } };
}

function completedOption(option: Option): CompletedOption {
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    ...(placeholder === undefined ? {} : { value: { kind: kindOf(placeholder), choices: option.argChoices ?? [] } }),
  };
}

const kindOf = (placeholder: string): ValueKind => (pathPlaceholders.test(placeholder) ? 'file' : 'word');

const firstSentence = (text: string): string => text.replace(/\.( .*)?$/s, '');
