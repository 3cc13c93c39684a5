import Type, { type Static } from 'typebox';

/** A tag in the services that store tags as lists. */
export const tag = Type.Object({
  Key: Type.String({ minLength: 1, maxLength: 128 }),
  Value: Type.String({ maxLength: 256 }),
});

export type Tag = Readonly<Static<typeof tag>>;

/** Tags as a map of values by key. */
export const tagMap = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** The tags after some were set: each key once, with the later value. */
export function withTags(tags: readonly Tag[], set: readonly Tag[]): readonly Tag[] {
  return [...new Map([...tags, ...set].map((each) => [each.Key, each])).values()];
}

/** The tags after some were removed. */
export function withoutTags(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  return tags.filter((each) => !keys.includes(each.Key));
}

/** Like {@link withoutTags}, for tags that are stored in a map. */
export function withoutTagKeys(
  tags: Readonly<Record<string, string>>,
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
