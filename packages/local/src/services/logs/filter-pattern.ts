import { AwsError } from '../../wire/aws-error.js';

/** Returns true if a message matches a filter pattern. */
export type MessageFilter = (message: string) => boolean;

interface Term {
  readonly kind: 'optional' | 'required' | 'excluded';
  readonly text: string;
}

/**
 * Compiles a filter pattern of terms: `ERROR "exact phrase" -debug` (all of these, none of those) or `?ERROR ?WARN` (any).
 * Terms are case-sensitive.
 *
 * @throws AwsError for JSON (`{ … }`), column (`[ … ]`) and regular expression (`%…%`) patterns, which the engine does
 * not support
 */
export function compileFilterPattern(pattern: string): MessageFilter {
  const text = pattern.trim();
  if (/^[{[%]/.test(text))
    throw new AwsError(
      'InvalidParameterException',
      `The embedded engine has filter patterns of terms only (ERROR, "exact phrase", -excluded, ?either ?or), not ${text}.`,
    );
  const terms = parseTerms(text);
  const required = terms.filter(({ kind }) => kind === 'required');
  const excluded = terms.filter(({ kind }) => kind === 'excluded');
  const optional = terms.filter(({ kind }) => kind === 'optional');
  return (message) => {
    const has = (term: Term) => message.includes(term.text);
    // AWS ignores optional terms beside required ones.
    const chosen = required.length > 0 || optional.length === 0 ? required.every(has) : optional.some(has);
    return chosen && !excluded.some(has);
  };
}

function parseTerms(text: string): readonly Term[] {
  return [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({
    kind: sign === '?' ? 'optional' : sign === '-' ? 'excluded' : 'required',
    text: quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'),
  }));
}
