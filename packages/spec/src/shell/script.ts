import type { ScriptPiece } from './insert.js';
import { ScriptReader } from './reader.js';
import type { ScriptSymbol } from './symbols.js';

/**
 * Inserts file names and values into a script, so that the shell passes exactly their characters to the program:
 * outside of quotes, in single and double quotes, in here-documents, in `$(…)`, backticks and `${x:-…}`, at any
 * nesting.
 *
 * @param shell the shell whose syntax is used for constructs that only bash has
 * @throws BclawError `unquotable-value` where no quoting preserves the characters, or where shells may read the script
 * differently
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
