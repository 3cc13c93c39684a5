import type { Workflow } from '@bclaw/spec';
import { type CompileOptions, type CompileResult, compile } from '../src/compile.js';
import { core } from './workflows.js';

export const options: CompileOptions = {
  core,
  deploymentId: '7e6f2d0a-94a1-4f1c-8a35-5a0a3c1d2b4e',
  bclawVersion: '1.0.0',
};

/** Compiles a workflow that must compile. */
export function compiled(workflow: Workflow, changed: Partial<CompileOptions> = {}): CompileResult & { ok: true } {
  const result = compile(workflow, { ...options, ...changed });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, undefined, 2));
  return result;
}

/** A resource of the compiled stack. */
export function resource(workflow: Workflow, logicalId: string): object {
  const found = compiled(workflow).template.Resources[logicalId];
  if (found === undefined) throw new Error(`The stack has no resource ${logicalId}.`);
  return found;
}
