import { validationError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';

/**
 * CloudFormation rejects null. A template with macros may contain nulls, but the output of the macros must not.
 *
 * @throws AwsError `ValidationError` with the location of the first null
 */
export function refuseNulls(template: Json): void {
  refuse(placesOfNulls(template, ''));
}

/** Like {@link refuseNulls}, but only for a template without macros; every template is walked completely. */
export function refuseNullsWithoutMacros(template: JsonObject): void {
  const places = placesOfNulls(template, '');
  if (template['Transform'] === undefined) refuse(places);
}

function refuse([first]: readonly string[]): void {
  if (first !== undefined)
    throw validationError(`Template format error: [${first || '/'}] 'null' values are not allowed in templates`);
}

function placesOfNulls(value: Json, path: string): readonly string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries<Json>(value).flatMap(([key, item]) => placesOfNulls(item, `${path}/${key}`));
}
