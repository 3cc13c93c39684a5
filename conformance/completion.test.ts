import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadersFolder } from '../docs/test/sessions.js';

/** Third-party shells load the scripts as their users would, and complete. */
describe('shell completion', () => {
  let reader: ReadersFolder;
  beforeAll(() => {
    reader = new ReadersFolder();
    reader.put('workflow.yaml', '');
    reader.put('sample-1.json', '{}');
  });
  afterAll(() => reader?.remove());

  it('works in fish', () => {
    reader.put('ask.fish', 'bclaw completion fish | source\nfor line in $argv; complete -C $line; echo; end\n');
    const ask = (line: string) => reader.type(`fish --no-config ask.fish '${line}'`).trim().split('\n');
    expect(ask('bclaw roll')).toEqual(['rollback\tsend new jobs to an earlier version']);
    expect(ask('bclaw local sta')).toEqual([expect.stringMatching(/^start\t/), expect.stringMatching(/^status\t/)]);
    expect(ask('bclaw check --format=s')).toEqual([expect.stringMatching(/^--format=sarif\t/)]);
    expect(ask('bclaw executions wf --status F')).toEqual([expect.stringMatching(/^FAILED\t/)]);
    expect(ask('bclaw check work')).toEqual(['workflow.yaml']);
    expect(ask('bclaw submit wf sam')).toEqual(['sample-1.json']);
    // The names of workflows are unknown without a request to AWS; files would be wrong.
    expect(ask('bclaw versions work')).toEqual(['']);
  });

  it('works in zsh', () => {
    // zsh completes only in a terminal: this one is zsh's own pseudo-terminal. The resulting line is in `line`.
    reader.put(
      'ask.zsh',
      `zmodload zsh/zpty
zpty shell 'PS1= zsh -f -i'
wait_for() { local seen= chunk; while [[ $seen != *$1* ]]; do zpty -r shell chunk || exit 1; seen+=$chunk; done; print -r -- $seen }
zpty -w shell 'unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source <(bclaw completion zsh); told() { print "LINE<$BUFFER>"; BUFFER=; }; zle -N told; bindkey "^X" told; print LOA""DED'
wait_for LOADED >/dev/null
for line in "$@"; do
  zpty -w -n shell "$line"$'\\t\\x18'
  wait_for '>' | tr -d '\\r' | grep -o 'LINE<.*>'
done
zpty -d shell
`,
    );
    const ask = (...lines: string[]) =>
      reader
        .type(`zsh -f ask.zsh ${lines.map((line) => `'${line}'`).join(' ')}`)
        .trim()
        .split('\n');
    expect(
      ask(
        'bclaw roll',
        'bclaw local sto',
        'bclaw check --format=s',
        'bclaw check work',
        'bclaw submit wf sam',
        'bclaw versions work',
      ),
    ).toEqual([
      'LINE<bclaw rollback >',
      'LINE<bclaw local stop >',
      'LINE<bclaw check --format=sarif >',
      'LINE<bclaw check workflow.yaml >',
      'LINE<bclaw submit wf sample-1.json >',
      'LINE<bclaw versions work>',
    ]);
  });
});
