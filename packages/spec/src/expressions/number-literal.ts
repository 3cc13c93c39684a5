import { ExpressionSyntaxError } from './errors.js';

/**
 * The value of a Python number: an int is a bigint, a float a number.
 *
 * Source of the rules: The Python Language Reference, "Numeric literals". Integers of more than 4300 digits are
 * rejected, as in CPython.
 *
 * @param text the literal
 * @param offset its offset in the expression, for errors
 */
export function numberLiteral(text: string, offset: number): bigint | number {
  // The form of most numbers.
  if (/^[1-9]\d{0,14}$/.test(text)) return BigInt(text);
  const error = (message: string) => new ExpressionSyntaxError(message, offset);
  if (!/^[\w.+-]+$/.test(text) || /__|_$|_\.|\._|[eE]_|_[eE]/.test(text)) throw error(`${text} is not a number`);
  const digits = text.replaceAll('_', '');
  if (/[jJ]$/.test(digits)) throw error('Complex numbers are not available');
  if (/^0[xX][0-9a-fA-F]+$|^0[oO][0-7]+$|^0[bB][01]+$/.test(digits)) return BigInt(digits.toLowerCase());
  if (/^\d+$/.test(digits)) {
    if (/^0+[1-9]/.test(digits)) throw error('A number may not begin with 0; octal numbers are written 0o…');
    if (digits.length > 4300) throw error('This number has more than 4300 digits');
    return BigInt(digits);
  }
  if (/^(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?$/.test(digits)) return Number(digits);
  throw error(`${text} is not a number`);
}
