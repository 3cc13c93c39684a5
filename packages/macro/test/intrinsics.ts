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
  // With the default values all conditions of outputs are true.
  if (key === 'Fn::If') return evaluated(argument[1], where, known);
  if (key !== 'Fn::Sub') throw new Error(`${where}: ${key} is not expected here`);
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  return String(text).replace(/\$\{([^}]+)\}/g, (_, name) =>
    name in values ? evaluated(values[name], where, known) : `<${name}>`,
  );
}

/** Evaluates a condition of a template for values of its parameters and of `AWS::Region`. */
export function holds(
  name: string,
  conditions: Readonly<Record<string, object>>,
  values: Readonly<Record<string, string | readonly string[]>>,
): boolean {
  const text = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('Ref' in value) return values[String(value.Ref)];
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const list = text(value['Fn::Join'][1]);
      return Array.isArray(list) ? list.join(String(value['Fn::Join'][0])) : list;
    }
    throw new Error(`No condition may have ${JSON.stringify(value)}.`);
  };
  const condition = (value: unknown): boolean => {
    const [[key, operands] = ['', undefined]] = Object.entries(Object(value));
    if (key === 'Condition') return condition(conditions[String(operands)]);
    if (!Array.isArray(operands)) throw new Error(`${key} is no condition.`);
    if (key === 'Fn::Equals') return text(operands[0]) === text(operands[1]);
    if (key === 'Fn::Not') return !condition(operands[0]);
    // CloudFormation takes two to ten.
    if (operands.length < 2 || operands.length > 10) throw new Error(`${key} has ${operands.length} conditions.`);
    return key === 'Fn::And' ? operands.every(condition) : operands.some(condition);
  };
  return condition(conditions[name]);
}
