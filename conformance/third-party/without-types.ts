/** A CloudFormation template, with the sections that are used here. */
export interface StackTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly DependsOn?: string | readonly string[] }>
  >;
}

/**
 * A template without the resources of some types.
 *
 * @param standIn the replacement for a reference to a removed resource
 */
export function withoutTypes<T extends StackTemplate>(
  template: T,
  types: readonly string[],
  standIn: (logicalId: string, resource: unknown) => unknown,
): T {
  const gone = new Map(Object.entries(template.Resources).filter(([, { Type }]) => types.includes(Type)));
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, target] = []] = Object.entries(value);
    const id = key === 'Fn::GetAtt' && Array.isArray(target) ? target[0] : target;
    if ((key === 'Ref' || key === 'Fn::GetAtt') && gone.has(id)) return walk(standIn(id, gone.get(id)));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner)]));
  };
  const kept = Object.entries(template.Resources)
    .filter(([id]) => !gone.has(id))
    .map(([id, { DependsOn = [], ...resource }]) => {
      const dependencies = [DependsOn].flat().filter((dependency) => !gone.has(dependency));
      return [id, { ...resource, ...(dependencies.length === 0 ? {} : { DependsOn: dependencies }) }];
    });
  return walk({ ...template, Resources: Object.fromEntries(kept) }) as T;
}
