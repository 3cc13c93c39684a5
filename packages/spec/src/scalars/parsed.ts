/** The result of a scalar parser: the value, or one clause with the problem and one with the fix. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly hint?: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unparsed(problem: string, hint?: string): Parsed<never> {
  return hint === undefined ? { ok: false, problem } : { ok: false, problem, hint };
}
