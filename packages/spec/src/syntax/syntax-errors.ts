import { CST, Lexer, type YAMLParseError } from 'yaml';
import { given } from '../given.js';
import type { PlacedFinding } from './document.js';
import type { Lines } from './lines.js';

/** One mistake can cause many further errors. */
const mostErrors = 10;

/** Converts the YAML library's errors to findings; reports the cause instead where it is known. */
export function syntaxFindings(
  errors: readonly YAMLParseError[],
  text: string,
  lines: Lines,
): readonly PlacedFinding[] {
  const finding = (message: string, [start, end]: readonly [number, number], hint: string | undefined) => ({
    code: 'yaml-syntax' as const,
    severity: 'error' as const,
    message,
    path: [],
    spot: 'value' as const,
    range: lines.range(start, end),
    ...given({ hint }),
  });
  const bare = bareReferences(text, lines);
  if (bare.length > 0)
    return bare.map(({ reference, at }) =>
      finding(
        `This is not YAML: within brackets and braces, \`${reference}\` must be in quotes.`,
        [at, at + reference.length],
        'Put the whole text that it is part of in quotes: "{" has a meaning of its own there.',
      ),
    );
  const found: PlacedFinding[] = [];
  for (const error of errors.slice(0, mostErrors)) {
    // The library reports a line with too much indentation twice, at the line before it.
    if (error.code === 'MULTILINE_IMPLICIT_KEY' && errors.some(({ code }) => code === 'BLOCK_AS_IMPLICIT_KEY'))
      continue;
    found.push(finding(sentence(error.message), error.pos, hintFor(error, text, lines)));
  }
  return found;
}

function hintFor(error: YAMLParseError, text: string, lines: Lines): string | undefined {
  if (/end with a [\]}]/.test(error.message)) return 'Is a bracket or a brace not closed?';
  return indentationHint(error, text, lines) ?? hints[error.code];
}

interface BareReference {
  /** `${name}`, up to the end of the line. */
  readonly reference: string;
  readonly at: number;
}

/** The first `${…}` of each line that is without quotes in a flow list or map. */
function bareReferences(text: string, lines: Lines): readonly BareReference[] {
  const found = new Map<number, BareReference>();
  let offset = 0;
  let depth = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END || lexeme === CST.SCALAR) continue;
    if (lexeme === '[' || lexeme === '{') {
      if (lexeme === '{' && depth > 0 && before.endsWith('$') && !/^["']/.test(before)) {
        const { line } = lines.position(offset);
        const reference = /^\$\{[^}\n]*\}?/.exec(text.slice(offset - 1))?.[0] ?? '${';
        if (!found.has(line)) found.set(line, { reference, at: offset - 1 });
      }
      depth += 1;
    } else if (lexeme === ']' || lexeme === '}') depth = Math.max(0, depth - 1);
    // After the braces of a reference the parser assumes that all brackets are closed, so lines count again.
    else if (lexeme === '\n' && found.size > 0) break;
    before = lexeme;
    offset += lexeme.length;
    if (found.size >= mostErrors) break;
  }
  return [...found.values()];
}

const indentationOf = (line: string): number => line.length - line.trimStart().length;

/** For an entry that is not aligned with its siblings: the columns. */
function indentationHint({ code, pos }: YAMLParseError, text: string, lines: Lines): string | undefined {
  const isTooFar = code === 'BLOCK_AS_IMPLICIT_KEY';
  if (!isTooFar && code !== 'BAD_INDENT') return undefined;
  const all = text.split('\n');
  const at = lines.position(pos[0]).line - 1;
  const isEntry = (line: string | undefined): line is string => line !== undefined && /^\s*[^\s#]/.test(line);
  const odd = isTooFar ? all.findIndex((line, index) => index > at && isEntry(line)) : at;
  const line = all[odd];
  const before = all.slice(0, odd).findLast(isEntry);
  if (!isEntry(line) || before === undefined) return undefined;
  const [column, neighbour] = [indentationOf(line) + 1, indentationOf(before) + 1];
  if (column === neighbour) return undefined;
  return `Line ${odd + 1} begins at column ${column}, the entry before it at column ${neighbour}: give all entries of one map or list the same indentation.`;
}

function sentence(message: string): string {
  const text = `This is not YAML: ${message.trim()}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const hints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs.',
  BAD_INDENT: 'Give all entries of one map or list the same indentation.',
  MULTILINE_IMPLICIT_KEY: 'Is there a ":" missing after a key, or a quote that is not closed?',
  MISSING_CHAR: 'Is a quote or a bracket not closed?',
  BLOCK_AS_IMPLICIT_KEY: 'A value that contains ": " must be quoted.',
  BAD_SCALAR_START: 'Put a value that begins with this character in quotes.',
  UNEXPECTED_TOKEN: 'Put a value that contains special characters in quotes.',
};
