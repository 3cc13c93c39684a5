/** Returns the value of a condition key, in any case of letters; undefined if the request has none. */
export type ContextKeys = (key: string) => readonly string[] | undefined;

type Part =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

/** A text of a policy with its wildcards (`*`, `?`) and policy variables (`${aws:PrincipalTag/team, 'none'}`). */
export interface Pattern {
  readonly source: string;
  readonly parts: readonly Part[];
  /** Set when the pattern has no variables, which is nearly always. */
  readonly fixed: Glob | undefined;
}

/** Characters and wildcards, one entry each; `true` is `*`, `false` is `?`. */
type Glob = readonly (string | boolean)[];

export interface PatternOptions {
  /** Policies of the version 2008-10-17 have no variables: `${…}` is text there. */
  readonly variables: boolean;
  /** False for operators that compare whole texts, such as StringEquals. */
  readonly wildcards: boolean;
}

const variable = /\$\{([^${},]*)(?:,\s*'([^']*)'\s*)?\}/g;

/** Splits a text of a policy into its parts. */
export function parsePattern(source: string, { variables, wildcards }: PatternOptions): Pattern {
  const parts: Part[] = [];
  let from = 0;
  if (variables)
    for (const match of source.matchAll(variable)) {
      parts.push(...textParts(source.slice(from, match.index), wildcards));
      parts.push(variablePart(match[1]?.trim() ?? '', match[2]));
      from = match.index + match[0].length;
    }
  parts.push(...textParts(source.slice(from), wildcards));
  const isFixed = parts.every(({ kind }) => kind !== 'variable');
  return { source, parts, fixed: isFixed ? globOf(parts, () => undefined) : undefined };
}

/** `${*}`, `${?}` and `${$}` are the characters themselves. */
function variablePart(key: string, fallback: string | undefined): Part {
  return key === '*' || key === '?' || key === '$' ? { kind: 'text', text: key } : { kind: 'variable', key, fallback };
}

function textParts(text: string, wildcards: boolean): Part[] {
  if (!wildcards) return text === '' ? [] : [{ kind: 'text', text }];
  return text
    .split(/([*?])/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece === '*' ? { kind: 'any' } : piece === '?' ? { kind: 'one' } : { kind: 'text', text: piece },
    );
}

/** @returns undefined if a variable has no value: such an element matches nothing */
function globOf(parts: readonly Part[], context: ContextKeys): Glob | undefined {
  const glob: (string | boolean)[] = [];
  for (const part of parts) {
    switch (part.kind) {
      case 'any':
        glob.push(true);
        break;
      case 'one':
        glob.push(false);
        break;
      case 'text':
        glob.push(...part.text);
        break;
      case 'variable': {
        // A key with several values cannot be used as a variable.
        const values = context(part.key) ?? [];
        const value = values.length === 1 ? values[0] : part.fallback;
        if (value === undefined) return undefined;
        glob.push(...value);
        break;
      }
    }
  }
  return glob;
}

/** Returns true if a value matches a pattern. */
export function matchesPattern(pattern: Pattern, value: string, context: ContextKeys): boolean {
  const glob = pattern.fixed ?? globOf(pattern.parts, context);
  return glob !== undefined && matchesGlob(glob, value);
}

/** A pattern as text with its variables replaced and its wildcards kept; undefined if a variable has no value. */
export function resolvedText(pattern: Pattern, context: ContextKeys): string | undefined {
  const glob = pattern.fixed ?? globOf(pattern.parts, context);
  return glob?.map((piece) => (piece === true ? '*' : piece === false ? '?' : piece)).join('');
}

/**
 * Like {@link matchesPattern} for ARNs in conditions: "each of the six colon-delimited components of the ARN is checked
 * separately" (IAM, condition operators, ARN).
 */
export function matchesArn(pattern: Pattern, value: string, context: ContextKeys): boolean {
  const glob = pattern.fixed ?? globOf(pattern.parts, context);
  if (glob === undefined) return false;
  const components = splitArn([...value]);
  const expected = splitArn(glob);
  return (
    components.length === 6 &&
    expected.length === 6 &&
    expected.every((part, index) => matchesGlob(part, (components[index] ?? []).join('')))
  );
}

function splitArn<T>(pieces: readonly T[]): T[][] {
  const components: T[][] = [[]];
  for (const piece of pieces)
    if (piece === ':' && components.length < 6) components.push([]);
    else components.at(-1)?.push(piece);
  return components;
}

/** Backtracks to the last `*` only, so the time is bounded by the product of the lengths. */
function matchesGlob(glob: Glob, value: string): boolean {
  const characters = [...value];
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < characters.length) {
    const piece = glob[at];
    if (piece === true) {
      star = at;
      resume = position;
      at += 1;
    } else if (piece === false || (piece !== undefined && piece === characters[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      position = resume;
      at = star + 1;
    } else return false;
  }
  while (glob[at] === true) at += 1;
  return at === glob.length;
}
