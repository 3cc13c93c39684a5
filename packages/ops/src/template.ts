import { type CoreEnvironment, compile } from '@bclaw/compiler';
import { BclawError, type Diagnostic, parse, type Workflow } from '@bclaw/spec';

/** A template that compiles, and what it compiles to for one core. */
export interface CheckedTemplate {
  readonly workflow: Workflow;
  /** Digest of all that determines how it behaves. */
  readonly digest: string;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A template with errors: the diagnostics say all of them, with their places. */
export class TemplateError extends BclawError {
  override readonly name = 'TemplateError';
  /** Errors and warnings, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super('template-errors', `The template has ${errors === 1 ? 'an error' : `${errors} errors`}.`, {
      remedy: 'Nothing was deployed. Mend the template and run this again.',
    });
    this.diagnostics = diagnostics;
  }
}

/**
 * Checks a template as far as that is possible without AWS: the language, and the limits of what it compiles to.
 *
 * @param parameters values of the template's parameters, over their defaults
 * @throws TemplateError
 */
export function checkTemplate(
  text: string,
  options: {
    readonly core: CoreEnvironment;
    readonly bclawVersion: string;
    readonly parameters?: Readonly<Record<string, string>>;
  },
): CheckedTemplate {
  const { workflow, diagnostics, locate } = parse(text, { parameters: options.parameters ?? {} });
  if (workflow === undefined) throw new TemplateError(diagnostics);
  const compiled = compile(workflow, { core: options.core, deploymentId: 'check', bclawVersion: options.bclawVersion });
  const placed = compiled.diagnostics.map((diagnostic): Diagnostic => {
    const range = diagnostic.range ?? locate(diagnostic.path);
    return range === undefined ? diagnostic : { ...diagnostic, range };
  });
  const all = [...diagnostics, ...placed];
  if (!compiled.ok) throw new TemplateError(all);
  return { workflow, digest: compiled.digest, diagnostics: all };
}
