import { character, withoutTrailingSpaces } from './characters.js';
import { type Cursor, NotSimple } from './cursor.js';
import { plainScalar } from './plain-scalar.js';

/** A plain key and its colon, in a block and in a flow map. */
const blockKey = /[A-Za-z0-9_$/][^:#\n]*:(?=[ \n]|$)/y;
const flowKey = /[A-Za-z0-9_$/][^:#\n,[\]{}]*:(?= )/y;
/** What a plain scalar may begin with here; YAML allows more. */
const plainStart = /[A-Za-z0-9_$/.(=<;^\\]|-[0-9A-Za-z]/y;
/** A plain scalar in a flow collection, up to what ends it or to a colon in it. */
const flowPlain = /[^\n,[\]{}:#]+(?=[,\]}:])/y;
/** A colon that is part of a plain scalar, as in `s3://bucket`. */
const innerColon = /:(?=[\w/])/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
/** With escapes that mean the same in JSON. */
const doubleQuoted = /"(?:[^"\\\n]|\\["\\/bfnrt])*"/y;
const quotedKeyEnd = / *:(?=[ \n]|$)/y;
const literalHeader = /\|[-+]? *(?: #[^\n]*)?\n/y;

/** Longer keys are the library's, which has a limit for them. */
const maxKeyLength = 500;

/** Whether a key of a block map is here. */
export function isKey(cursor: Cursor): boolean {
  if (!isQuote(cursor)) return cursor.fits(blockKey);
  const start = cursor.at;
  const quoted = quotedPattern(cursor);
  if (!cursor.fits(quoted)) return false;
  cursor.at = quoted.lastIndex;
  const isFollowed = cursor.fits(quotedKeyEnd);
  cursor.at = start;
  return isFollowed;
}

/** Takes a key with its colon. */
export function takeKey(cursor: Cursor, place: 'block' | 'flow'): string {
  const start = cursor.at;
  let key: string;
  if (isQuote(cursor)) {
    key = quotedScalar(cursor);
    cursor.take(quotedKeyEnd);
  } else {
    key = withoutTrailingSpaces(cursor.take(place === 'flow' ? flowKey : blockKey).slice(0, -1));
  }
  if (cursor.at - start > maxKeyLength) throw new NotSimple();
  return key;
}

export function isQuote(cursor: Cursor): boolean {
  return cursor.isAt(character.doubleQuote) || cursor.isAt(character.singleQuote);
}

function quotedPattern(cursor: Cursor): RegExp {
  return cursor.isAt(character.doubleQuote) ? doubleQuoted : singleQuoted;
}

export function quotedScalar(cursor: Cursor): string {
  const isDouble = cursor.isAt(character.doubleQuote);
  const source = cursor.take(quotedPattern(cursor));
  if (!isDouble) return source.slice(1, -1).replaceAll("''", "'");
  return source.includes('\\') ? String(JSON.parse(source)) : source.slice(1, -1);
}

/** A plain scalar that ends with its line. */
export function plainLine(cursor: Cursor): unknown {
  const { text, at } = cursor;
  if (!cursor.fits(plainStart)) throw new NotSimple();
  const newline = text.indexOf('\n', at);
  const line = text.slice(at, newline === -1 ? text.length : newline);
  const comment = line.indexOf(' #');
  const source = withoutTrailingSpaces(comment === -1 ? line : line.slice(0, comment));
  if (source.includes(': ') || source.endsWith(':')) throw new NotSimple();
  cursor.at = at + source.length;
  return plainScalar(source);
}

/** A plain scalar in a flow collection. */
export function flowScalar(cursor: Cursor): unknown {
  if (!cursor.fits(plainStart)) throw new NotSimple();
  let source = cursor.take(flowPlain);
  while (cursor.isAt(character.colon)) source += cursor.take(innerColon) + cursor.take(flowPlain);
  return plainScalar(withoutTrailingSpaces(source));
}

/** A literal block scalar (`|`), which is indented further than `parent`. */
export function literalScalar(cursor: Cursor, parent: number): string {
  const header = cursor.take(literalHeader);
  const { text } = cursor;
  const lines: string[] = [];
  let indentation: number | undefined;
  while (cursor.at < text.length) {
    let content = cursor.at;
    while (text.charCodeAt(content) === character.space) content += 1;
    const end = text.indexOf('\n', content);
    if (end === -1) throw new NotSimple();
    const column = content - cursor.at;
    if (content !== end) {
      indentation ??= column;
      if (column < indentation) break;
      lines.push(text.slice(cursor.at + indentation, end));
      // Before the first line of text, or wider than it is indented, white space has a meaning of its own.
    } else if (indentation === undefined || column > indentation) throw new NotSimple();
    else lines.push('');
    cursor.at = end + 1;
  }
  if (indentation === undefined || indentation <= parent) throw new NotSimple();
  return chomped(lines, header.charAt(1));
}

/** The lines of a block scalar, ended as its header says. */
function chomped(lines: readonly string[], indicator: string): string {
  if (indicator === '+') return `${lines.join('\n')}\n`;
  const last = lines.findLastIndex((line) => line !== '');
  const text = lines.slice(0, last + 1).join('\n');
  return indicator === '-' ? text : `${text}\n`;
}
