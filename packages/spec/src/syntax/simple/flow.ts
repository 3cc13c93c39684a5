import { type PlainMap, setEntry } from '../document.js';
import { character } from './characters.js';
import { type Cursor, NotSimple } from './cursor.js';
import { flowScalar, isQuote, quotedScalar, takeKey } from './scalars.js';

/** A flow collection of one line, or what is in one. */
export function flowValue(cursor: Cursor, depth: number): unknown {
  cursor.count(depth);
  if (cursor.isAt(character.openBrace)) return flowMap(cursor, depth);
  if (cursor.isAt(character.openBracket)) return flowList(cursor, depth);
  return isQuote(cursor) ? quotedScalar(cursor) : flowScalar(cursor);
}

function flowMap(cursor: Cursor, depth: number): PlainMap {
  const map: PlainMap = {};
  for (let ended = begins(cursor, character.closeBrace); !ended; ended = ends(cursor, character.closeBrace)) {
    const key = takeKey(cursor, 'flow');
    if (Object.hasOwn(map, key)) throw new NotSimple();
    cursor.skipSpaces();
    setEntry(map, key, flowValue(cursor, depth + 1));
  }
  return map;
}

function flowList(cursor: Cursor, depth: number): unknown[] {
  const list: unknown[] = [];
  for (let ended = begins(cursor, character.closeBracket); !ended; ended = ends(cursor, character.closeBracket))
    list.push(flowValue(cursor, depth + 1));
  return list;
}

/** Goes over the opening bracket to the first item; true when there is none. */
function begins(cursor: Cursor, close: number): boolean {
  cursor.at += 1;
  cursor.skipSpaces();
  if (!cursor.isAt(close)) return false;
  cursor.at += 1;
  return true;
}

/** Goes over the closing bracket (true) or over the comma to the next item. */
function ends(cursor: Cursor, close: number): boolean {
  cursor.skipSpaces();
  const isEnd = cursor.isAt(close);
  if (!isEnd && !cursor.isAt(character.comma)) throw new NotSimple();
  cursor.at += 1;
  if (!isEnd) cursor.skipSpaces();
  return isEnd;
}
