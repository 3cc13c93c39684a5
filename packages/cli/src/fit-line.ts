/** A colour escape sequence, or one character. */
const piece = /\p{Cc}\[[0-9;]*m|./gsu;

/** Truncates a line to the terminal's width; colours take no room, and end with the line. */
export function fitLine(line: string, columns: number): string {
  let room = columns;
  let fitted = '';
  for (const [token] of line.replaceAll('\n', ' ').matchAll(piece)) {
    if (!token.startsWith('\u001b')) {
      if (room === 0) continue;
      room -= 1;
    }
    fitted += token;
  }
  return fitted;
}
