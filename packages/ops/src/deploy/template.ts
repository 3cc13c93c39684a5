import { type CompileOptions, type CompileResult, compile } from '@bclaw/compiler';
import {
  BclawError,
  type Diagnostic,
  type ParseResult,
  parse,
  type TemplateOrigin,
  type Workflow,
  withoutSuppressed,
} from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { sha256 } from '../aws/sha256.js';

/** A template, with all checks that need no AWS. */
export type CheckedTemplate =
  | {
      readonly ok: true;
      readonly workflow: Workflow;
      readonly compiled: Extract<CompileResult, { ok: true }>;
      /** Warnings, sorted by location. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A template with errors; the diagnostics list all of them with their locations. */
export class TemplateError extends BclawError {
  override readonly name = 'TemplateError';
  /** Errors and warnings, sorted by location. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super('template-errors', `The template has ${errors === 1 ? 'an error' : `${errors} errors`}.`, {
      hint: 'Nothing was changed. Mend the template and run this again.',
    });
    this.diagnostics = diagnostics;
  }
}

/** The parameters of a template that have neither a value nor a default. */
export function missingParameters(text: string, given: Readonly<Record<string, string>>): string[] {
  const { diagnostics } = parse(text, { parameters: given });
  return diagnostics.flatMap(({ code, path }) => (code === 'missing-parameter' ? [String(path.at(-1))] : []));
}

/** Options for compiling a template; the compiler's own options without the digests of images. */
export interface CheckOptions extends Omit<CompileOptions, 'images'> {
  /** Values of the template's parameters, over their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The system that the template was written for; see `parse`. */
  readonly from?: TemplateOrigin;
}

/**
 * Parses and compiles a template, so that findings of the compiler (AWS's limits, for example) are reported with their
 * locations too. Sends no requests: with `pin_images`, the images keep their tags here.
 *
 * @example
 * ```ts
 * const { diagnostics } = checkTemplate(text, { core, deploymentId: 'check', bclawVersion: '1.0.0' });
 * ```
 */
export function checkTemplate(text: string, options: CheckOptions): CheckedTemplate {
  const parsed = parse(text, {
    parameters: options.parameters ?? {},
    ...given({ from: options.from }),
  });
  const { workflow, diagnostics } = parsed;
  if (workflow === undefined) return { ok: false, diagnostics };
  return checked(parsed, workflow, compile(workflow, { ...options, images: 'offline', sha256 }));
}

/** A compiled template with the findings of the parser and the compiler, in the order of the text. */
export function checked(
  { diagnostics, locate, text = '' }: ParseResult,
  workflow: Workflow,
  compiled: CompileResult,
): CheckedTemplate {
  const placed = compiled.diagnostics.map((diagnostic): Diagnostic => {
    const range = diagnostic.range ?? locate(diagnostic.path);
    return range === undefined ? diagnostic : { ...diagnostic, range };
  });
  const all = [...diagnostics, ...withoutSuppressed(placed, text)].sort(
    (a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0),
  );
  return compiled.ok ? { ok: true, workflow, compiled, diagnostics: all } : { ok: false, diagnostics: all };
}
