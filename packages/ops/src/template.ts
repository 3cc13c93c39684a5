import { type CompileOptions, type CompileResult, compile } from '@bclaw/compiler';
import { BclawError, type Diagnostic, parse, type Workflow } from '@bclaw/spec';

/** A template, checked as far as that is possible without AWS. */
export type CheckedTemplate =
  | {
      readonly ok: true;
      readonly workflow: Workflow;
      readonly compiled: Extract<CompileResult, { ok: true }>;
      /** Warnings, sorted by place. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A template with errors: the diagnostics say all of them, with their places. */
export class TemplateError extends BclawError {
  override readonly name = 'TemplateError';
  /** Errors and warnings, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super('template-errors', `The template has ${errors === 1 ? 'an error' : `${errors} errors`}.`, {
      remedy: 'Nothing was changed. Mend the template and run this again.',
    });
    this.diagnostics = diagnostics;
  }
}

/** The parameters of a template that have neither a value nor a default. */
export function missingParameters(text: string, given: Readonly<Record<string, string>>): string[] {
  const { diagnostics } = parse(text, { parameters: given });
  return diagnostics.flatMap(({ code, path }) => (code === 'missing-parameter' ? [String(path.at(-1))] : []));
}

/**
 * Parses and compiles a template, so that what only the compiler sees (AWS's limits, say) is told with its place too.
 *
 * @param options.parameters values of the template's parameters, over their defaults
 *
 * @example
 * ```ts
 * const { diagnostics } = checkTemplate(text, { core, deploymentId: 'check', bclawVersion: '1.0.0' });
 * ```
 */
export function checkTemplate(
  text: string,
  options: CompileOptions & { readonly parameters?: Readonly<Record<string, string>> },
): CheckedTemplate {
  const { workflow, diagnostics, locate } = parse(text, { parameters: options.parameters ?? {} });
  if (workflow === undefined) return { ok: false, diagnostics };
  const compiled = compile(workflow, options);
  const placed = compiled.diagnostics.map((diagnostic): Diagnostic => {
    const range = diagnostic.range ?? locate(diagnostic.path);
    return range === undefined ? diagnostic : { ...diagnostic, range };
  });
  const all = [...diagnostics, ...placed].sort((a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0));
  return compiled.ok ? { ok: true, workflow, compiled, diagnostics: all } : { ok: false, diagnostics: all };
}
