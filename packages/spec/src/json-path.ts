import { type FilterFunction, FunctionExpressionType, JSONPathEnvironment } from 'json-p3';
import { RE2JS } from 're2js';

/** Maximum nesting depth of a document for `..`. */
const maximumDepth = 2_000;

/**
 * Compiles a regular expression of `match()` or `search()` to run in linear time, so that neither the document nor its
 * patterns can make a match slow. A text that is not a valid pattern matches nothing (RFC 9535, 2.4.6).
 *
 * @throws SyntaxError for a pattern with backreferences or lookaround, which RFC 9485 does not support: ignoring them
 *   would select something else
 */
function linearPattern(pattern: string): RE2JS | undefined {
  const dotted = pattern.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\./g, (part) =>
    part === '.' ? '[^\\n\\r]' : part,
  );
  try {
    return RE2JS.compile(RE2JS.translateRegExp(dotted));
  } catch {
    if (isRegExp(pattern))
      throw new SyntaxError(`the pattern "${pattern}" has more than the regular expressions of JSONPath (RFC 9485)`);
    return undefined;
  }
}

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

function patternFunction(matches: (pattern: RE2JS, text: string) => boolean): FilterFunction {
  const compiled = new Map<string, RE2JS | undefined>();
  return {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call(text: unknown, pattern: unknown): boolean {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      if (!compiled.has(pattern)) {
        if (compiled.size >= 100) compiled.clear();
        compiled.set(pattern, linearPattern(pattern));
      }
      const program = compiled.get(pattern);
      return program !== undefined && matches(program, text);
    },
  };
}

/**
 * JSONPath according to RFC 9535. One environment for the checker, the function `scatter` and the embedded engine: a
 * selector that passes the check means the same when it runs.
 */
export const jsonPath = new JSONPathEnvironment({ maxRecursionDepth: maximumDepth });
jsonPath.functionRegister.set(
  'match',
  patternFunction((pattern, text) => pattern.matches(text)),
);
jsonPath.functionRegister.set(
  'search',
  patternFunction((pattern, text) => pattern.matcher(text).find()),
);
