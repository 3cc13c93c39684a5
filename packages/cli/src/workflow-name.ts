import { basename, dirname, resolve } from 'node:path';

/** `examples/hello/workflow.yaml` → `hello`, `variant calling.yaml` → `variant-calling`. */
export function workflowNameFor(file: string): string {
  const path = resolve(file);
  const stem = basename(path).replace(/\.[^.]*$/, '');
  const name = stem === 'workflow' ? basename(dirname(path)) : stem;
  const safe = name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '');
  return safe === '' ? 'workflow' : safe;
}
