import type { Diagnostic } from '../diagnostics.js';

const comment = /#\s*bclaw-ignore\s+([a-z0-9-]+(?:[\s,]+[a-z0-9-]+)*)/;

/**
 * Removes the warnings that a comment `# bclaw-ignore <code>` on their line or on the line above silences. Errors stay.
 *
 * @param text the template's source; a comment may name several codes
 */
export function withoutSuppressed(diagnostics: readonly Diagnostic[], text: string): Diagnostic[] {
  if (!text.includes('bclaw-ignore')) return [...diagnostics];
  const lines = text.split('\n');
  const silences = (line: number, code: string): boolean => {
    const codes = comment.exec(lines[line - 1] ?? '')?.[1];
    return codes?.split(/[\s,]+/).includes(code) ?? false;
  };
  return diagnostics.filter(
    ({ severity, code, range }) =>
      severity === 'error' ||
      range === undefined ||
      !(silences(range.start.line, code) || silences(range.start.line - 1, code)),
  );
}
