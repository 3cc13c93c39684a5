import { validationError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';

/**
 * CloudFormation takes no null. A template with macros may have some: what the macros make of it may not.
 *
 * @throws AwsError `ValidationError` with the place of the first
 */
export function refuseNulls(template: Json): void {
  refuse(placesOfNulls(template, ''));
}

/** As {@link refuseNulls}, but only for a template without macros; every template is walked to its depth. */
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
