import { isObject, type JsonObject } from '../json.js';
import { objectsOf, requiredText } from './members.js';

export type Tags = Readonly<Record<string, string>>;

/** Returns the tags of a resource, in either format: a list or a map. */
export function tagsOf(properties: JsonObject, property = 'Tags'): Tags {
  const value = properties[property];
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
  return Object.fromEntries(
    objectsOf(properties, property).map((tag) => [requiredText(tag, 'Key'), requiredText(tag, 'Value')]),
  );
}

/** Converts tags to a list of `Key` and `Value`. */
export function tagListOf(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Updates the tags of a resource from its old properties to its new ones. */
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
