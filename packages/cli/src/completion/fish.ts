import { allCommands, type CompletedCommand, type CompletedOption } from './command-tree.js';
import { quotedForFish } from './quote.js';

/** A completion script for fish, with a description of each word. */
export function fishCompletion(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `# Completion of bclaw for fish; \`bclaw completion --help\` says how to load it.
function __bclaw_at --description 'Whether these words lead to that command of bclaw'
  set -l command ''
  for word in (commandline -opc)[2..-1]
    switch $command/$word
      case ${commands
        .filter(({ path }) => path !== '')
        .map(({ path }) => path)
        .join(' ')}
        set command $command/$word
    end
  end
  test "$command" = "$argv[1]"
end
complete -c bclaw -e
${commands.flatMap(lines).join('\n')}
`;
}

function lines(command: CompletedCommand): string[] {
  const { path, options, subcommands, argument } = command;
  const complete = `complete -c bclaw -n ${quotedForFish(`__bclaw_at ${quotedForFish(path)}`)}`;
  return [
    ...(argument?.kind === 'file' ? [] : [`${complete} -f`]),
    ...subcommands.map(({ name, summary }) => `${complete} -a ${name} -d ${quotedForFish(summary)}`),
    ...(argument === undefined || argument.choices.length === 0
      ? []
      : [`${complete} -a ${quotedForFish(argument.choices.join(' '))}`]),
    ...options.map((option) => `${complete} ${optionWords(option).join(' ')}`),
  ];
}

function optionWords({ flags, description, value }: CompletedOption): string[] {
  return [
    ...flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)),
    ...(value === undefined ? [] : [valueWords(value)]),
    `-d ${quotedForFish(description)}`,
  ];
}

function valueWords({ kind, choices }: NonNullable<CompletedOption['value']>): string {
  if (choices.length > 0) return `-x -a ${quotedForFish(choices.join(' '))}`;
  // -r: a value is required, files are proposed; -x: a value is required, no files.
  return kind === 'file' ? '-r -F' : '-x';
}
