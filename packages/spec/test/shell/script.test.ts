import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScriptPiece } from '../../src/shell/insert.js';
import { fillScript } from '../../src/shell/script.js';

const directory = mkdtempSync(join(tmpdir(), 'bclaw-script-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const shells = [
  { name: 'sh', command: ['sh', '-eu'], reads: 'sh' },
  { name: 'bash', command: ['bash', '-euo', 'pipefail'], reads: 'bash' },
  { name: 'bash as sh', command: ['bash', '--posix', '-eu'], reads: 'sh' },
  { name: 'busybox', command: ['busybox', 'sh', '-eu'], reads: 'sh' },
] as const;

const available = shells.filter(({ command: [program] }) => {
  try {
    execFileSync(program, program === 'busybox' ? ['true'] : ['-c', ':']);
    return true;
  } catch {
    return false;
  }
});

/** Runs scripts with separate outputs; `show` writes its arguments, each followed by a NUL. */
function run(command: readonly string[], scripts: readonly string[]): string[] {
  const file = join(directory, 'script.sh');
  const out = (index: number) => join(directory, `out-${index}`);
  const show = `show() { for argument; do printf '%s\\000' "$argument"; done; }\n`;
  const parts = scripts.map((script, index) => `(\n${script}\n) > '${out(index)}'\n`);
  writeFileSync(file, show + parts.join(''));
  const [program = '', ...options] = command;
  execFileSync(program, [...options, file], { cwd: directory, stdio: 'pipe' });
  return scripts.map((_script, index) => readFileSync(out(index), 'utf8'));
}

/** A word of a script that contains inserts, and the argument that a program must get for it. */
interface Word {
  readonly pieces: readonly ScriptPiece[];
  readonly value: string;
}

const insert = (word: string): ScriptPiece => ({ reference: '${f}', words: [word] });
const several: ScriptPiece = { reference: '${f}', words: ['a b', "c'd", '-e'] };
const none: ScriptPiece = { reference: '${f}', words: [] };
const glob = (pattern: string): ScriptPiece => ({ reference: '${f}', words: [pattern], areGlobs: true });

/** Text of the script for use in backticks; inserts in it are escaped by `fillScript`. */
const inBackticks = (pieces: readonly ScriptPiece[]): ScriptPiece[] =>
  pieces.map((piece) => (typeof piece === 'string' ? piece.replace(/[$`\\]/g, '\\$&') : piece));

const names = fc
  .string({
    unit: fc.constantFrom(...' \t\n"\'$`\\*?[]{}()<>|&;#!~=-+^%,./:ax2', 'ä', '\u3000', '$(touch x)', 'EOF', '${HOME}'),
    minLength: 1,
    maxLength: 8,
  })
  .filter((name) => !name.includes('/'));

/** Names that are allowed in every place: without characters that here-documents and similar forms reject. */
const words: fc.Arbitrary<Word> = fc.letrec<{ word: Word }>((tie) => {
  const part = tie('word');
  const unquoted = names.filter((name) => !/['()<>]/.test(name));
  const quoted = (open: string, close: string, name = names) =>
    name.map((name) => ({ pieces: [open, insert(name), close], value: name }));
  const leaf = fc.oneof(
    quoted('', ''),
    quoted("'<", ">'").map(({ pieces, value }) => ({ pieces, value: `<${value}>` })),
    quoted('"<', '>"').map(({ pieces, value }) => ({ pieces, value: `<${value}>` })),
    quoted('"$one', '"').map(({ pieces, value }) => ({ pieces, value: `1${value}` })),
    quoted('$one', '').map(({ pieces, value }) => ({ pieces, value: `1${value}` })),
    quoted('"${none:-', '}"', unquoted),
    quoted('${none:+', '}x').map(({ pieces }) => ({ pieces, value: 'x' })),
    quoted('"${one:+', '}"', unquoted),
    quoted('$((1+$(show ', ' | wc -c)-1))').map(({ pieces, value }) => ({
      pieces,
      value: String(Buffer.byteLength(value) + 1),
    })),
  );
  const within = (open: string, close: string, change = (pieces: readonly ScriptPiece[]) => [...pieces]) =>
    part.map(({ pieces, value }) => ({ pieces: [open, ...change(pieces), close], value: `${value}E` }));
  return {
    word: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      within('"$(printf %sE ', ')"'),
      // Within double quotes bash expands braces in backticks, even if they are quoted.
      within('"`printf %sE ', '`"', inBackticks).filter(({ pieces }) =>
        pieces.every((piece) => typeof piece === 'string' || !/[{}(),<>]|\.\./.test(piece.words.join())),
      ),
      within('"$(printf %s "$(printf %sE ', ')")"'),
      within('"$(case x in (y) ;; x) printf %sE ', ';; esac)"'),
      within('"$(# a ) comment\nif :; then case a in a|b) printf %sE ', '\nesac; fi)"'),
      within('"$( (printf %sE ', ') | cat)"'),
      fc.tuple(part, part).map(([a, b]) => ({ pieces: [...a.pieces, ...b.pieces], value: a.value + b.value })),
    ),
  };
}).word;

describe.each(available)('what is put into a script, read by $name', ({ command, reads }) => {
  const check = (words: readonly Word[]) => {
    const scripts = words.map(({ pieces }) => fillScript(['one=1; unset none\nshow ', ...pieces], reads));
    const seen = run(command, scripts);
    const wrong = words.findIndex(({ value }, index) => seen[index] !== `${value}\0`);
    const { value } = words[wrong] ?? {};
    expect({ script: scripts[wrong], seen: seen[wrong] }).toEqual({
      script: scripts[wrong],
      seen: value && `${value}\0`,
    });
  };

  it('reaches the program as it is, however quotes and substitutions are nested', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 40, maxLength: 40 }), (list) => check(list)),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('reaches here-documents as it is, and never comes out of a comment', () => {
    const lines = names.filter((name) => !/\n|^EOF$/.test(name));
    const document = (open: string, before: string, after: string) =>
      lines.map((name) => ({
        pieces: [`"$(cat ${open}\n${before}`, insert(name), `${after}\nEOF\n)"`],
        value: `<${name}>`,
      }));
    const kinds = fc.oneof(
      document('<<EOF', '<', '>'),
      document('<<EOF', '$(printf %s "<"', ')>').map(({ pieces, value }) => ({ pieces, value })),
      document("<<'EOF'", '<', '>'),
      document('<<-"EOF"', '\t<', '>'),
      document('<<\\EOF', '<', '>'),
      names.map((name) => ({ pieces: ['x # ', insert(name), ' `$( \' "'], value: 'x' })),
    );
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 40, maxLength: 40 }), (list) => check(list)),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it.each<[string, readonly ScriptPiece[], readonly string[]]>([
    ['several files are several words', ['show ', several], ['a b', "c'd", '-e']],
    ['several files in quotes are one word', ['show "', several, '"'], ["a b c'd -e"]],
    ['a variable takes all of them', ['x=', several, '; show "$x"'], ["a b c'd -e"]],
    ['a list of a loop', ['for x in ', several, '; do show "$x"; done'], ['a b', "c'd", '-e']],
    ['no file is no word', ['show a ', none, ' b'], ['a', 'b']],
    ['no file before a sign', ['show ', none, '#b'], ['#b']],
    ['digits are no file descriptor', ['show ', insert('1'), '>&1'], ['1']],
    ['a word of the grammar is a word', ['PATH=.; ', insert('if'), ' 2>/dev/null || show no'], ['no']],
    [
      'a function within a substitution',
      ['show "$(f() { case a in a) printf %s ', insert('a)b'), ';; esac; }; f)"'],
      ['a)b'],
    ],
    ['a variable is not made longer', ['v=1; show "$v', insert('ab'), '" $v', insert('ab')], ['1ab', '1ab']],
    [
      'the glob of an output is expanded',
      ['touch "x y1.g" z.g; show ', glob('x y*.g'), ' "', glob('x y*.g'), '"'],
      ['x y1.g', 'x y*.g'],
    ],
    [
      'a name as a pattern of its own',
      ['x="a*b"; case $x in ', insert('a*'), ') show no;; *) show yes; esac'],
      ['yes'],
    ],
    ['a comment of a case', ['case a in # )\n a) # ', insert("it's\nb"), '\n show ', insert('x;y'), '; esac'], ['x;y']],
    ['whole numbers in arithmetic', ['show $((', insert('12'), '*2))'], ['24']],
  ])('%s', (_what, pieces, expected) => {
    expect(run(command, [fillScript(pieces, reads)])).toEqual([expected.map((word) => `${word}\0`).join('')]);
  });
});

describe('what cannot be put into a script', () => {
  it.each<[string, readonly ScriptPiece[]]>([
    ['in arithmetic', ['echo $((1+', insert('a b'), '))']],
    ['in arithmetic', ['echo $((1+(2*', insert('x'), ')))']],
    ['after a dollar sign', ['echo $', insert('ab')]],
    ['after a backslash', ['echo \\', insert('a b')]],
    ['after a backslash', ['echo "\\', insert('a b'), '"']],
    ['in the delimiter of a here-document', ['cat <<', insert('a'), '\na\n']],
    ['in a here-document, which would end at a line EOF', ['cat <<EOF\n', insert('EOF'), '\nEOF\n']],
    ['in a here-document, which would end at a line EOF', ["cat <<'EOF'\nx", insert('\nEO'), 'F\nEOF\n']],
    ['in a here-document that loses the tabs', ['cat <<-EOF\n', insert('\ta'), '\nEOF\n']],
    ['after a variable, whose name it would continue', ['cat <<EOF\n$x', insert('ab'), '\nEOF\n']],
    ['within ${…}', ['echo "${x#', insert('a*'), '}"']],
    ['within "${…}"', ['echo "${x:-', insert("it's"), '}"']],
    ["in $'…'", ["echo $'", insert("it's"), "'"]],
    ["after a $'…' with a quote in it", ["echo $'\\'' ", insert('a b'), "'"]],
    ['in backticks within double quotes', ['echo "`ls ', insert('{a,b}'), '`"']],
  ])('%s', (where, pieces) => {
    expect(() => fillScript(['set -e\n', ...pieces], 'sh')).toThrow(
      expect.objectContaining({ code: 'unquotable-value', message: expect.stringContaining(where) }),
    );
  });

  it('names the reference, the line and the value', () => {
    expect(() => fillScript(['a\nb $((', insert('x y'), '))'], 'sh')).toThrow(
      '${f} stands in arithmetic (line 2 of the commands), where the shell would not leave "x y" as it is.',
    );
  });

  it('is told apart by what bash knows more', () => {
    expect(fillScript(["echo $'", insert("it's"), "'"], 'bash')).toBe("echo $'it\\'s'");
    expect(() => fillScript(['((x = ', insert('a b'), '))'], 'bash')).toThrow('in arithmetic');
    expect(fillScript(['((x = ', insert('a b'), '))'], 'sh')).toBe("((x = 'a b'))");
    expect(() => fillScript(['a[', insert('a b'), ']=1'], 'bash')).toThrow('in an index');
  });
});
