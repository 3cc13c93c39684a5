import type { Diagnostic, TemplatePath } from '@bclaw/spec';

/** An error that the compiler found; `hint` is what to write instead. */
export function error(code: string, path: TemplatePath, message: string, hint?: string): Diagnostic {
  return { code, severity: 'error', message, path, ...(hint === undefined ? {} : { hint }) };
}
