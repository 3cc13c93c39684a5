import { given } from '@bclaw/spec/given';
/** The fields of a step, under the names that templates use: `image`, `compute.cpus`, `inputs.reads`. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field that differs; `before` is absent when it is new, `after` when it is removed. */
export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The entries of a map as separate fields, so that a change of one is reported without the others. */
export function entries(prefix: string, map: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** Removes the fields without a value. */
export function told(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The fields that differ, in the order of the later ones; removed fields come last. */
export function compareFields(before: Fields, after: Fields): FieldChange[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((field) => {
    const [old, now] = [before[field], after[field]];
    if (canonical(old) === canonical(now)) return [];
    return [{ field, ...given({ before: old, after: now }) }];
  });
}

/**
 * Returns equal texts for equal values, regardless of key order: AWS keeps the order of some maps and not of others.
 */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, member: unknown) =>
    isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}

/** Returns true if a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
