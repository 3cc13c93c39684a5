import { isObject, type JsonObject } from '../json.js';
import { objectsOf, requiredText } from './members.js';

export type Tags = Readonly<Record<string, string>>;

/** The tags of a resource, whether its type takes them as a list or as a map. */
export function tagsOf(properties: JsonObject, property = 'Tags'): Tags {
  const value = properties[property];
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
  return Object.fromEntries(
    objectsOf(properties, property).map((tag) => [requiredText(tag, 'Key'), requiredText(tag, 'Value')]),
  );
}

/** Tags as a list of `Key` and `Value`. */
export function tagListOf(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Brings the tags of a resource from those of its old properties to those of its new ones. */
export async function retag(
  before: JsonObject,
  after: JsonObject,
  service: { add(tags: Tags): Promise<unknown>; remove(keys: readonly string[]): Promise<unknown> },
): Promise<void> {
  const [old, wanted] = [tagsOf(before), tagsOf(after)];
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).filter(([key, value]) => old[key] !== value);
  if (gone.length > 0) await service.remove(gone);
  if (changed.length > 0) await service.add(Object.fromEntries(changed));
}
