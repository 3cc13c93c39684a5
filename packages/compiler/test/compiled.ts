import type { Workflow } from '@bclaw/spec';
import { sha256Hex } from '../src/canonical.js';
import { type CompileOptions, type CompileResult, compile } from '../src/compile.js';
import { idOfVersion, idSuffixOf } from '../src/stack/version.js';
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

/** The logical id of a resource that each version has for itself, in the stack of {@link options}. */
export const ofVersion = (name: string): string =>
  idOfVersion({ idSuffix: idSuffixOf(options.deploymentId, sha256Hex) }, name);

/** A resource of the compiled stack, by its logical id or by the part of it that is common to all versions. */
export function resource(workflow: Workflow, name: string): object {
  const { Resources } = compiled(workflow).template;
  const found = Resources[name] ?? Resources[ofVersion(name)];
  if (found === undefined) throw new Error(`The stack has no resource ${name}.`);
  return found;
}
