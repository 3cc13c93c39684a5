import type { NativeStep } from '@bclaw/spec';

interface Catcher {
  /** Names of errors, with commas between them. */
  readonly errors: string;
  readonly next: string;
}

/** Where a native state goes on after an error: States Language that passes through, so of any shape. */
export function catchers({ fields }: NativeStep): readonly Catcher[] {
  const listed = fields['Catch'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((catcher: unknown): Catcher[] => {
    if (typeof catcher !== 'object' || catcher === null || !('Next' in catcher)) return [];
    const errors = 'ErrorEquals' in catcher && Array.isArray(catcher.ErrorEquals) ? catcher.ErrorEquals : ['an error'];
    return typeof catcher.Next === 'string' ? [{ errors: errors.join(', '), next: catcher.Next }] : [];
  });
}
