import { type PlainMap, setEntry } from '../document.js';
import { character } from './characters.js';
import { Cursor, NotSimple } from './cursor.js';
import { flowValue } from './flow.js';
import { isKey, isQuote, literalScalar, plainLine, quotedScalar, takeKey } from './scalars.js';

/**
 * Reads the part of YAML that most templates are written in: block maps and lists, scalars and flow collections of one
 * line, literal block scalars, comments. Several times as fast as the YAML library.
 *
 * It never guesses: at the first thing that it does not know (anchors, tags, folded scalars, values over several lines, a
 * mistake) it gives up, and the library reads the text from its beginning. What it does read, it reads as the library
 * does; tests compare the two over many thousands of texts.
 *
 * @returns the value of the document, a map; undefined when the text needs the library
 */
export function readSimpleYaml(text: string): PlainMap | undefined {
  // Tabs, carriage returns and other control characters have rules of their own.
  if (/(?!\n)[\p{Cc}\uFEFF]/u.test(text)) return undefined;
  try {
    const cursor = new Cursor(text);
    cursor.nextContent();
    if (cursor.indent !== 0 || !isKey(cursor)) return undefined;
    const map = blockMap(cursor, 0, 0);
    return cursor.isAtEnd() ? map : undefined;
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}

/** The map whose first key is here, in this column. */
function blockMap(cursor: Cursor, column: number, depth: number): PlainMap {
  cursor.count(depth);
  const map: PlainMap = {};
  do {
    if (!isKey(cursor)) throw new NotSimple();
    const key = takeKey(cursor, 'block');
    if (Object.hasOwn(map, key)) throw new NotSimple();
    setEntry(map, key, entryValue(cursor, column, depth + 1));
  } while (isNext(cursor, column));
  return map;
}

/** The list whose first dash is here, in this column. */
function blockList(cursor: Cursor, column: number, depth: number): unknown[] {
  cursor.count(depth);
  const list: unknown[] = [];
  // A list in a map may be in the column of its key: then the next key ends it.
  do list.push(itemValue(cursor, column, depth + 1));
  while (isNext(cursor, column) && isDash(cursor));
  return list;
}

/** Whether the block in this column goes on; what is further to the right would be a mistake. */
function isNext(cursor: Cursor, column: number): boolean {
  if (cursor.indent > column) throw new NotSimple();
  return cursor.indent === column;
}

function entryValue(cursor: Cursor, column: number, depth: number): unknown {
  cursor.skipSpaces();
  if (!cursor.skipRestOfLine()) return inlineValue(cursor, column, depth);
  cursor.nextContent();
  return cursor.indent === column && isDash(cursor)
    ? blockList(cursor, column, depth)
    : blockBelow(cursor, column, depth);
}

function itemValue(cursor: Cursor, column: number, depth: number): unknown {
  const dash = cursor.at;
  cursor.at += 1;
  cursor.skipSpaces();
  if (cursor.skipRestOfLine()) {
    cursor.nextContent();
    return blockBelow(cursor, column, depth);
  }
  const inside = column + cursor.at - dash;
  if (isDash(cursor)) return blockList(cursor, inside, depth);
  return isKey(cursor) ? blockMap(cursor, inside, depth) : inlineValue(cursor, column, depth);
}

/** The map or list below a key or a dash, or null when there is none. */
function blockBelow(cursor: Cursor, column: number, depth: number): unknown {
  if (cursor.indent > column) {
    if (isDash(cursor)) return blockList(cursor, cursor.indent, depth);
    return blockMap(cursor, cursor.indent, depth);
  }
  cursor.count(depth);
  return null;
}

/** A value that begins on the line of its key or dash and is neither a map nor a list in block style. */
function inlineValue(cursor: Cursor, column: number, depth: number): unknown {
  if (cursor.isAt(character.bar)) {
    cursor.count(depth);
    const text = literalScalar(cursor, column);
    cursor.nextContent();
    return text;
  }
  const value = valueOfLine(cursor, depth);
  if (!cursor.skipRestOfLine()) throw new NotSimple();
  cursor.nextContent();
  return value;
}

function valueOfLine(cursor: Cursor, depth: number): unknown {
  if (cursor.isAt(character.openBrace) || cursor.isAt(character.openBracket)) return flowValue(cursor, depth);
  cursor.count(depth);
  return isQuote(cursor) ? quotedScalar(cursor) : plainLine(cursor);
}

function isDash(cursor: Cursor): boolean {
  return cursor.isAt(character.dash) && cursor.isBlankAt(cursor.at + 1);
}
