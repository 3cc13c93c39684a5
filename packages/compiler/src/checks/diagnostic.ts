import type { Diagnostic, TemplatePath } from '@bclaw/spec';

/** Problems that only the compiler can find: code → meaning. `docs/diagnostics.md` has examples. */
export const compilerDiagnosticCodes = {
  'limit-exceeded': 'The compiled workflow is over a limit of AWS.',
  'no-gpu-queue': 'The core stack has no hosts with GPUs.',
  'repository-in-launcher-bucket': 'Results in the launcher bucket would be taken for job files.',
  'reserved-parameter-name': "A parameter has the name of one of the stack's resources.",
  'reserved-step-name': 'A step has the name of a state that every workflow gets.',
  'unpinned-image': 'An image that must be pinned has no digest.',
} as const;

/** Creates an error of the compiler; `hint` is the fix. */
export function error(
  code: keyof typeof compilerDiagnosticCodes,
  path: TemplatePath,
  message: string,
  hint: string,
): Diagnostic {
  return { code, severity: 'error', message, path, hint };
}
