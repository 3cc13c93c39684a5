import { allCommands, type CompletedCommand, type CompletedOption } from './command-tree.js';
import { quoted } from './quote.js';

/**
 * A completion script for zsh, with a description of each word. It can be sourced, or installed as `_bclaw` in a folder
 * of `fpath`.
 */
export function zshCompletion(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `#compdef bclaw
# Completion of bclaw for zsh; \`bclaw completion --help\` says how to load it.
_bclaw() {
  local command= previous=\${words[CURRENT-1]} word
  local -a proposed
  for word in \${words[2,CURRENT-1]}; do
    case $command/$word in
      ${commands
        .filter(({ path }) => path !== '')
        .map(({ path }) => path)
        .join('|')}) command=$command/$word ;;
    esac
  done
  # --format=json is one word here.
  if [[ $PREFIX = --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  fi
  case "$command $previous" in
${commands.flatMap(valueBranches).join('\n')}
  esac
  case "$command $PREFIX" in
${commands.flatMap(proposalBranches).join('\n')}
  esac
}
# Autoloaded from a folder of fpath, this file is the function's body.
if [[ \${funcstack[1]} = _bclaw ]]; then
  _bclaw "$@"
else
  compdef _bclaw bclaw
fi
`;
}

function valueBranches({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const pattern = flags.map((flag) => quoted(`${path} ${flag}`)).join('|');
    // zsh treats a folder as a file; a word that cannot be completed is left to the user.
    const reply =
      value.choices.length > 0 ? `compadd -- ${value.choices.join(' ')}` : value.kind === 'file' ? '_files' : '';
    return [`    ${pattern}) ${reply === '' ? '' : `${reply}; `}return ;;`];
  });
}

function proposalBranches({ path, options, subcommands, argument }: CompletedCommand): string[] {
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option)));
  const branches = [`    ${quoted(`${path} -`)}*) proposed=(${flags.join(' ')}); _describe option proposed -o ;;`];
  if (subcommands.length > 0) {
    const names = subcommands.map(({ name, summary }) => described(name, { description: summary }));
    branches.push(`    ${quoted(`${path} `)}*) proposed=(${names.join(' ')}); _describe command proposed ;;`);
  } else if (argument !== undefined && argument.choices.length > 0) {
    branches.push(`    ${quoted(`${path} `)}*) compadd -- ${argument.choices.join(' ')} ;;`);
  } else if (argument?.kind === 'file') branches.push(`    ${quoted(`${path} `)}*) _files ;;`);
  return branches;
}

/** `word:description`, the format of `_describe`: a colon in the word is escaped. */
const described = (word: string, { description }: Pick<CompletedOption, 'description'>): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${description}`);
