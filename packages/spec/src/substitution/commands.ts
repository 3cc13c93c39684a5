import type { JobData } from '../payload.js';
import { asText } from '../scalars/text.js';
import type { Insert, ScriptPiece } from '../shell/insert.js';
import { fillScript } from '../shell/script.js';
import { references } from './references.js';
import { lookUp, runTimeReference } from './run-time.js';

/** The local files that a name stands for in commands. */
export type CommandFiles = Readonly<Record<string, Pick<Insert, 'words' | 'areGlobs'>>>;

/** Options for reading a script and inserting the job's values. */
export interface CommandOptions {
  readonly shell: 'sh' | 'bash';
  /** Insertion of `${job.x}` without a suffix `!q` or `!v`. */
  readonly values: 'verbatim' | 'quoted';
}

/**
 * A step's commands as one script. `${name}` of an input, a reference or an output is inserted so that programs get the
 * exact file name, whatever quotes are around it; several files are several words. `${job.path}`, `${scatter.name}` and
 * `${parent.name}` are text for the shell to interpret, unless they are quoted: then they reach programs unchanged, as
 * one word. Every other `${…}` is left to the shell.
 *
 * @param data job data with the branch's and the parent's values
 * @param files name → local file names
 * @throws BclawError `missing-value` or `bad-reference` as in `substitute`; `unquotable-value` as in `fillScript`
 * @example
 * ```ts
 * const data = { job: { options: '-v -x', id: 'a b' }, scatter: {}, parent: {} };
 * fillCommands(['sort ${job.options} ${reads} > "${job.id!q}.txt"'], data, { reads: { words: ['a $1.fq'] } }, {
 *   shell: 'sh',
 *   values: 'verbatim',
 * }); // `sort -v -x 'a $1.fq' > "a b.txt"\n`
 * ```
 */
export function fillCommands(
  commands: readonly string[],
  data: JobData,
  files: CommandFiles,
  { shell, values }: CommandOptions,
): string {
  const pieces: ScriptPiece[] = [];
  for (const command of commands) {
    let last = 0;
    for (const { content, start, end } of references(command)) {
      const piece = pieceOf(content, data, files, values);
      if (piece === undefined) continue;
      pieces.push(command.slice(last, start), piece);
      last = end;
    }
    pieces.push(`${command.slice(last)}\n`);
  }
  return fillScript(pieces, shell);
}

function pieceOf(
  content: string,
  data: JobData,
  files: CommandFiles,
  values: CommandOptions['values'],
): ScriptPiece | undefined {
  const reference = runTimeReference(content);
  if (reference !== undefined) {
    const text = asText(lookUp(reference, data));
    return (reference.form ?? values) === 'quoted' ? { reference: `\${${content}}`, words: [text] } : text;
  }
  const file = Object.hasOwn(files, content) ? files[content] : undefined;
  return file === undefined ? undefined : { reference: `\${${content}}`, ...file };
}
