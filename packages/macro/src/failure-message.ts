import { type Diagnostic, formatDiagnostics } from '@bclaw/spec';

/** Well below the size limits of a stack event and of a change set's status reason. */
const maxLength = 3500;

/**
 * All errors of a template, as text for CloudFormation's events: a list with location, code, sentence and hint.
 * CloudFormation does not pass the source text to a macro, so locations are paths.
 */
export function failureMessage(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const head = `The workflow template has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n`;
  const text = `${head}${formatDiagnostics([{ file: 'template', diagnostics: errors }]).trimEnd()}`;
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength);
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n… and more. Run \`bclaw check\` on the template to see everything.`;
}
