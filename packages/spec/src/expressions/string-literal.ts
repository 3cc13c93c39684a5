import { ExpressionSyntaxError } from './errors.js';

/** The one-letter escapes, in literals and in the replacements of `re.sub`. */
export const letterEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const simpleEscapes: Readonly<Record<string, string>> = { ...letterEscapes, "'": "'", '"': '"', '\n': '' };

/**
 * The value of a Python string literal.
 *
 * Source of the rules: The Python Language Reference, "String and Bytes literals".
 *
 * @param text the literal with its prefix and quotes
 * @param offset its offset in the expression, for errors
 */
export function stringLiteral(text: string, offset: number): string {
  const match = /^([A-Za-z]*)('''|"""|'|")/.exec(text);
  const prefix = (match?.[1] ?? '').toLowerCase();
  const quotes = match?.[2] ?? '';
  if (prefix !== '' && prefix !== 'r' && prefix !== 'u')
    throw new ExpressionSyntaxError(`A string may not begin with "${match?.[1]}"`, offset, 'Write a plain string.');
  const start = prefix.length + quotes.length;
  if (quotes === '' || text.length < start + quotes.length || !text.endsWith(quotes))
    throw new ExpressionSyntaxError('This string has no closing quote', offset);
  const body = text.slice(start, text.length - quotes.length);
  if (quotes.length === 1 && /(?<!\\)(?:\\\\)*\n/.test(body))
    throw new ExpressionSyntaxError('This string has no closing quote on its line', offset);
  return prefix === 'r' ? body : unescaped(body, offset + start);
}

function unescaped(body: string, offset: number): string {
  return body.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S]|$)/g,
    (whole, sequence: string, at: number) => {
      const simple = simpleEscapes[sequence];
      if (simple !== undefined) return simple;
      if (/^[0-7]/.test(sequence)) return String.fromCodePoint(Number.parseInt(sequence, 8));
      if (/^[xuU]./.test(sequence)) {
        const code = Number.parseInt(sequence.slice(1), 16);
        if (code > 0x10ffff)
          throw new ExpressionSyntaxError(`\\${sequence} is not a character of Unicode`, offset + at);
        return String.fromCodePoint(code);
      }
      if (/^[xuU]$/.test(sequence))
        throw new ExpressionSyntaxError(`\\${sequence} needs more hexadecimal digits`, offset + at);
      if (sequence === 'N')
        throw new ExpressionSyntaxError('\\N{…} is not available', offset + at, 'Write the character itself.');
      return whole;
    },
  );
}
