/**
 * Escapes text for a quoted label of Mermaid. Mermaid can only escape a character by its number (`#35;`), and many have
 * a meaning somewhere in its grammar, in Markdown or in HTML (for example, a colon on a line with the word `style`); so
 * all characters except letters, digits and a few harmless ones are written as numbers.
 */
export function escapeMermaid(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .replaceAll(/[^\p{L}\p{M}\p{N} _.,/=()+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
