/** A map whose possibly undefined entries are optional; the other entries are unchanged. */
type Given<Entries> = {
  [Key in keyof Entries as undefined extends Entries[Key] ? never : Key]: Entries[Key];
} & {
  [Key in keyof Entries as undefined extends Entries[Key] ? Key : never]?: Exclude<Entries[Key], undefined>;
};

/**
 * Returns the entries that have a value. An optional property is either present with a value or absent
 * (`exactOptionalPropertyTypes`), so that copies, JSON and comparisons agree.
 *
 * @example
 * ```ts
 * given({ file: 'workflow.yaml', line: undefined }); // { file: 'workflow.yaml' }
 * ```
 */
export function given<const Entries extends object>(entries: Entries): Given<Entries>;
export function given(entries: Readonly<Record<string, unknown>>): object {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) found[key] = value;
  return found;
}
