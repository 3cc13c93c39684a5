/**
 * Text for a quoted label of Mermaid. Mermaid has no way to escape a character but its number (`#35;`), and many have a meaning
 * somewhere in its grammar, in Markdown or in HTML (a colon, say, on a line with the word `style`); so all but letters, digits and a few harmless ones are written as numbers.
 */
export function escapeMermaid(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .replaceAll(/[^\p{L}\p{M}\p{N} _.,/=()+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
