import { allCommands, type CompletedCommand } from './command-tree.js';
import { quoted } from './quote.js';

/**
 * A completion script for bash, including macOS's 3.2: no `compopt`, no associative arrays. Where it proposes nothing,
 * readline proposes files (`-o default`) and quotes their names correctly.
 */
export function bashCompletion(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `# Completion of bclaw for bash; \`bclaw completion --help\` says how to load it.
_bclaw() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= index proposed=
  # bash takes --format=json for three words.
  if [ "$current" = = ]; then
    current=
  elif [ "$previous" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case $command/\${COMP_WORDS[index]} in
      ${commands
        .filter(({ path }) => path !== '')
        .map(({ path }) => path)
        .join(' | ')}) command=$command/\${COMP_WORDS[index]} ;;
    esac
  done
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap(valueBranches).join('\n')}
  esac
  case "$command $current" in
${commands.flatMap(proposalBranches).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$proposed" -- "$current"))
}
complete -o default -F _bclaw bclaw
`;
}

/** After an option that takes a value: its choices, or readline's proposals. */
function valueBranches({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const pattern = flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ');
    const reply =
      value.choices.length === 0 ? '' : `COMPREPLY=($(compgen -W ${quoted(value.choices.join(' '))} -- "$current")); `;
    return [`    ${pattern}) ${reply}return ;;`];
  });
}

/** Elsewhere: options after a hyphen, otherwise subcommands or the choices of an argument. */
function proposalBranches({ path, options, subcommands, argument }: CompletedCommand): string[] {
  const flags = options.flatMap((option) => option.flags).join(' ');
  const words = [...subcommands.map(({ name }) => name), ...(argument?.choices ?? [])].join(' ');
  return [
    `    ${quoted(`${path} -`)}*) proposed=${quoted(flags)} ;;`,
    ...(words === '' ? [] : [`    ${quoted(`${path} `)}*) proposed=${quoted(words)} ;;`]),
  ];
}
