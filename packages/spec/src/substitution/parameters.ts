import type { TemplatePath } from '../diagnostics.js';
import { isMap, setEntry } from '../syntax/document.js';
import { replaceReferences } from './references.js';

/** A place where a template uses a CloudFormation parameter. */
export interface ParameterUse {
  readonly name: string;
  readonly path: TemplatePath;
}

/**
 * Replaces every `${Name}` of a declared parameter by its value, in all texts of a tree, in place. Values are inserted
 * verbatim and not processed again, so parameters cannot refer to each other.
 *
 * @param value a tree owned by the parser, which is modified
 * @param values declared name → value; undefined = declared, but without a value: not replaced
 * @param uses collects every place where a declared name was found
 */
export function substituteParameters(
  value: unknown,
  values: ReadonlyMap<string, string | undefined>,
  path: TemplatePath,
  uses: ParameterUse[],
): unknown {
  if (values.size === 0) return value;
  const here: (string | number)[] = [...path];
  const at = (segment: string | number, node: unknown): unknown => {
    // Most values contain nothing to replace.
    if (typeof node === 'string' ? !node.includes('${') : typeof node !== 'object') return node;
    here.push(segment);
    const result = visit(node);
    here.pop();
    return result;
  };
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string') {
      return replaceReferences(node, (name) => {
        if (!values.has(name)) return undefined;
        uses.push({ name, path: [...here] });
        return values.get(name);
      });
    }
    if (Array.isArray(node)) {
      for (let index = 0; index < node.length; index += 1) {
        const replaced = at(index, node[index]);
        if (replaced !== node[index]) node[index] = replaced;
      }
      return node;
    }
    if (!isMap(node)) return node;
    // CloudFormation's own reference, in a native step: left to CloudFormation.
    if (typeof node['Ref'] === 'string' && values.has(node['Ref'])) uses.push({ name: node['Ref'], path: [...here] });
    for (const key of Object.keys(node)) {
      const replaced = at(key, node[key]);
      if (replaced !== node[key]) setEntry(node, key, replaced);
    }
    return node;
  };
  return visit(value);
}
