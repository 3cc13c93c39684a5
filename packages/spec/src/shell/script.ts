import type { ScriptPiece } from './insert.js';
import { ScriptReader } from './reader.js';
import type { ScriptSymbol } from './symbols.js';

/**
 * Puts file names and values into a script, each so that the shell gives exactly its characters to the program: outside of
 * quotes, in single and double quotes, in here-documents, in `$(…)`, backticks and `${x:-…}`, however they are nested.
 *
 * @param shell decides how what only bash knows is read
 * @throws BclawError `unquotable-value` where no quoting keeps the characters, or where it cannot be told how the shell reads them
 * @example
 * ```ts
 * const reads = { reference: '${reads}', words: ['a.fq', 'b 1.fq'] };
 * fillScript(['cat ', reads, ' > "of ', reads, '"'], 'sh'); // `cat a.fq 'b 1.fq' > "of a.fq b 1.fq"`
 * ```
 */
export function fillScript(pieces: readonly ScriptPiece[], shell: 'sh' | 'bash'): string {
  const symbols = pieces.flatMap((piece): readonly ScriptSymbol[] =>
    typeof piece === 'string'
      ? Array.from({ length: piece.length }, (_none, at) => ({ character: piece.charAt(at), source: piece.charAt(at) }))
      : [{ character: '\0', source: '', insert: piece }],
  );
  return new ScriptReader(symbols, {
    shell,
    encode: (text) => text,
    line: 1,
    isInQuotedBackticks: false,
    isProbe: false,
  }).read();
}
