/** Entries of a map that may be undefined, as optional ones; the others as they are. */
type Given<Entries> = {
  [Key in keyof Entries as undefined extends Entries[Key] ? never : Key]: Entries[Key];
} & {
  [Key in keyof Entries as undefined extends Entries[Key] ? Key : never]?: Exclude<Entries[Key], undefined>;
};

/**
 * The entries that have a value. An optional property of ours is there with a value or not at all
 * (`exactOptionalPropertyTypes`), so that a copy, JSON and a comparison agree on it.
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
