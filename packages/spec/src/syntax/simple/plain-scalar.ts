import { character } from './characters.js';
import { NotSimple } from './cursor.js';

// YAML 1.2's core schema.
const nothing = /^(?:~|[Nn]ull|NULL)$/;
const flag = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const decimalInteger = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const rareNumber = /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;

/** The text, number, boolean or null that a plain scalar stands for. */
export function plainScalar(source: string): unknown {
  if (beginsLikeNumber(source.charCodeAt(0))) return numberOf(source) ?? source;
  if (source.length > 'false'.length) return source;
  if (flag.test(source)) return source.length === 'true'.length;
  return nothing.test(source) ? null : source;
}

function beginsLikeNumber(code: number): boolean {
  const isDigit = code >= character.zero && code <= character.nine;
  return isDigit || code === character.plus || code === character.dash || code === character.dot;
}

function numberOf(source: string): number | undefined {
  if (decimalInteger.test(source)) return Number.parseInt(source, 10);
  if (float.test(source)) return Number.parseFloat(source);
  if (rareNumber.test(source)) throw new NotSimple();
  return undefined;
}
