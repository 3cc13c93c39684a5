/** Every name that a `Ref`, `Fn::GetAtt` or `Fn::Sub` in the value refers to. */
export function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, argument]): readonly string[] => {
    if (key === 'Ref') return [String(argument)];
    if (key === 'Fn::GetAtt') return [String(argument[0])];
    if (key !== 'Fn::Sub') return references(argument);
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    const names = [...String(text).matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name.split('.', 1)[0] ?? '');
    return [...names.filter((name) => !(name in values)), ...references(values)];
  });
}

/** A value as CloudFormation would resolve it, with `<name>` for values that only CloudFormation knows. */
export function evaluated(value: unknown, where: string, known: Readonly<Record<string, string>> = {}): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) throw new Error(`${where}: not a text`);
  const [[key, argument] = ['', undefined]] = Object.entries(value);
  if (key === 'Ref') return known[argument] ?? `<${argument}>`;
  if (key === 'Fn::GetAtt') return `<${argument.join('.')}>`;
  if (key !== 'Fn::Sub') throw new Error(`${where}: ${key} is not expected here`);
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  return String(text).replace(/\$\{([^}]+)\}/g, (_, name) =>
    name in values ? evaluated(values[name], where, known) : `<${name}>`,
  );
}
