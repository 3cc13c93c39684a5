import type { TemplatePath } from '../diagnostics.js';
import { stepKinds } from '../kinds/index.js';
import type { FieldUse, StepKindDefinition } from '../kinds/kind.js';
import type { Step } from '../model.js';
import { isStepsBlock } from '../schema/fields.js';
import { isMap, type PlainMap } from '../syntax/document.js';

/** A text of a step and its place. */
export interface FieldText {
  readonly text: string;
  readonly path: TemplatePath;
  readonly use: FieldUse;
}

/** The texts of a step's specification that contain a reference or a condition, without those of nested steps. */
export function stepTexts(step: Step, specification: PlainMap): FieldText[] {
  const found: FieldText[] = [];
  const path = [...step.path];
  const kind = stepKinds[step.kind];
  for (const field of Object.keys(specification)) {
    // The uses of an unknown field are not known.
    if (isBlock(kind, field) || !hasField(kind, field)) continue;
    path.push(field);
    eachText(specification[field], path, field, (text, key) => {
      const use = useOf(kind, field, key);
      if (use === 'expression' || text.includes('${')) found.push({ text, path: [...path], use });
    });
    path.pop();
  }
  return found;
}

function hasField({ schema, otherFields }: StepKindDefinition, field: string): boolean {
  return otherFields !== undefined || Object.hasOwn(schema.properties, field);
}

function isBlock({ schema }: StepKindDefinition, field: string): boolean {
  const property = Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
  return property !== undefined && isStepsBlock(property);
}

/** @param key the innermost map key above the text */
function useOf({ uses, otherFields }: StepKindDefinition, field: string, key: string): FieldUse {
  const use = Object.hasOwn(uses, field) ? uses[field] : otherFields?.use;
  if (typeof use !== 'object') return use ?? 'static';
  return (Object.hasOwn(use, key) ? use[key] : undefined) ?? 'static';
}

/** Every text in a tree, except those under a key `steps`, as in branches: they belong to other steps. */
export function textsOf(root: unknown, key: string): { text: string; path: TemplatePath }[] {
  const found: { text: string; path: TemplatePath }[] = [];
  const path = [key];
  eachText(root, path, key, (text) => found.push({ text, path: [...path] }));
  return found;
}

/**
 * Calls `found` with every text in a tree.
 *
 * @param path path of the tree; while `found` runs, path of the text. Callers must copy it if they keep it, because
 * most texts are not needed.
 * @param key the innermost map key above the tree; `found` gets the one above the text
 */
function eachText(
  node: unknown,
  path: (string | number)[],
  key: string,
  found: (text: string, key: string) => void,
): void {
  if (typeof node === 'string') found(node, key);
  else if (Array.isArray(node))
    for (let index = 0; index < node.length; index += 1) {
      path.push(index);
      eachText(node[index], path, key, found);
      path.pop();
    }
  else if (isMap(node))
    for (const name of Object.keys(node)) {
      if (name === 'steps') continue;
      path.push(name);
      eachText(node[name], path, name, found);
      path.pop();
    }
}
