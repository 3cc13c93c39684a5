import { validationError } from '../errors.js';
import { isList, isObject, type Json } from '../json.js';
import { malformedGetAtt } from './evaluate.js';
import type { ResourceDefinition } from './template.js';

/** Logical id → the logical ids that must exist before it. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Returns the dependencies of each resource: the references in its properties, and its DependsOn.
 *
 * @param branch - selects the branch of an `Fn::If`, so that only references in use count
 * @throws AwsError `ValidationError` for an unknown name and for a cycle
 */
export function dependenciesOf(
  resources: Readonly<Record<string, ResourceDefinition>>,
  all: ReadonlySet<string>,
  branch: (condition: string) => boolean,
): Dependencies {
  const dependencies = new Map<string, ReadonlySet<string>>();
  for (const [logicalId, definition] of Object.entries(resources)) {
    const names = new Set(referencesIn(definition.properties, branch).filter((name) => all.has(name)));
    for (const name of definition.dependsOn) {
      if (!all.has(name))
        throw validationError(
          `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
        );
      names.add(name);
    }
    // A resource whose condition is false is not a dependency.
    dependencies.set(logicalId, new Set([...names].filter((name) => Object.hasOwn(resources, name))));
  }
  const circle = circleIn(dependencies);
  if (circle !== undefined) throw validationError(`Circular dependency between resources: [${circle.join(', ')}]`);
  return dependencies;
}

/** Sorts resources so that each one comes after its dependencies. */
export function inOrder(dependencies: Dependencies): string[] {
  const ordered = new Set<string>();
  const visit = (name: string) => {
    if (ordered.has(name)) return;
    for (const before of dependencies.get(name) ?? []) visit(before);
    ordered.add(name);
  };
  for (const name of dependencies.keys()) visit(name);
  return [...ordered];
}

/**
 * Returns the names that Ref, Fn::GetAtt and Fn::Sub use in a value: resources, parameters and pseudo parameters alike.
 */
export function referencesIn(value: Json, branch: (condition: string) => boolean): string[] {
  if (isList(value)) return value.flatMap((item) => referencesIn(item, branch));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    switch (key) {
      case 'Ref':
        return typeof argument === 'string' ? [argument] : [];
      case 'Fn::GetAtt':
        return [attributeOwner(argument)];
      case 'Fn::Sub': {
        const [template, variables] = isList(argument) ? argument : [argument, {}];
        const own = isObject(variables) ? variables : {};
        const names = [...String(template).matchAll(/\$\{([^!}][^}]*)\}/g)]
          .map((match) => (match[1] ?? '').trim())
          .filter((name) => !Object.hasOwn(own, name))
          .map((name) => name.split('.')[0] ?? '');
        return [...names, ...referencesIn(own, branch)];
      }
      case 'Fn::If': {
        const [condition, yes, no] = isList(argument) ? argument : [];
        if (typeof condition !== 'string' || yes === undefined || no === undefined) return [];
        return referencesIn(branch(condition) ? yes : no, branch);
      }
    }
    return referencesIn(argument, branch);
  });
}

/** @throws AwsError `ValidationError` for what does not name a resource and an attribute */
function attributeOwner(argument: Json): string {
  const [logicalId, ...attribute] = isList(argument) ? argument : String(argument).split('.');
  if (typeof logicalId !== 'string' || attribute.length === 0) throw malformedGetAtt();
  return logicalId;
}

function circleIn(dependencies: Dependencies): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (done.has(name)) return undefined;
    const start = path.indexOf(name);
    if (start >= 0) return path.slice(start);
    path.push(name);
    for (const before of dependencies.get(name) ?? []) {
      const circle = visit(before);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(name);
    return undefined;
  };
  for (const name of dependencies.keys()) {
    const circle = visit(name);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
