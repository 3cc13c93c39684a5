import { type Font, textWidth } from './measure.js';

const ellipsis = '…';

/** Truncates a text that is wider than `width` pixels and adds an ellipsis. */
export function shorten(text: string, width: number, font: Font): string {
  if (textWidth(text, font) <= width) return text;
  const kept: string[] = [];
  let room = width - textWidth(ellipsis, font);
  for (const character of text) {
    room -= textWidth(character, font);
    if (room < 0) break;
    kept.push(character);
  }
  return `${kept.join('').trimEnd()}${ellipsis}`;
}

/**
 * Breaks a text into lines of at most `width` pixels: after spaces and punctuation if possible, otherwise inside a
 * word.
 *
 * @param maxLines the last line is truncated if there would be more; absent = no limit
 */
export function wrap(text: string, width: number, font: Font, maxLines = Number.POSITIVE_INFINITY): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text.replaceAll(/\s+/g, ' ').trim(), width, font)) {
    if (line !== '' && textWidth((line + piece).trimEnd(), font) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd());
  if (lines.length <= maxLines) return lines;
  const rest = lines.slice(maxLines - 1).join(' ');
  return [...lines.slice(0, maxLines - 1), shorten(rest, width, font).replace(/…?$/, ellipsis)];
}

/** The parts between possible line breaks, none of them wider than a line. */
function* pieces(text: string, width: number, font: Font): Generator<string> {
  for (const word of text.match(/[^\s\-_./,:]*[\s\-_./,:]+|[^\s\-_./,:]+/gu) ?? []) {
    if (textWidth(word, font) <= width) {
      yield word;
      continue;
    }
    for (const character of word) yield character;
  }
}
