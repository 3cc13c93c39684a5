import { type Diagnostic, formatDiagnostics } from '@bclaw/spec';

/** What fits a stack event and a change set's status reason with room to spare. */
const maxLength = 3500;

/**
 * All that is wrong with a template, as text for CloudFormation's events: a list with place, code, sentence and hint.
 * CloudFormation hands over no source text, so places are paths.
 */
export function failureMessage(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const head = `The workflow template has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n`;
  const text = `${head}${formatDiagnostics([{ file: 'template', diagnostics: errors }]).trimEnd()}`;
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength);
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n… and more. Run \`bclaw check\` on the template to see everything.`;
}
