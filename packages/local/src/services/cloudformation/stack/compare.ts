import { isObject, type Json, type JsonObject, sameJson } from '../json.js';
import type { ResourceType } from '../resources/resource-type.js';
import { Unknown, type Value } from '../template/evaluate.js';
import type { ResourceDefinition } from '../template/template.js';
import type { ChangeDetail } from './model.js';
import { unknownIn } from './opened-template.js';

/** Names of the properties that differ. */
export function changedProperties(before: JsonObject, after: JsonObject): string[] {
  return namesOf(before, after).filter((name) => !sameJson(before[name], after[name]));
}

/** Returns true if a change of these properties requires a new resource. */
export function needsReplacement(type: ResourceType, changed: readonly string[]): boolean {
  return changed.some((name) => isCreateOnly(type, name));
}

/** In a type that cannot be updated, every property is create-only, unless a change creates a revision. */
function isCreateOnly(type: ResourceType, name: string): boolean {
  return type.createOnly.includes(name) || (type.update === undefined && type.revises === undefined);
}

/** The differences between a resource and the template, in which some values may not be known yet. */
export function describeChanges(
  type: ResourceType,
  before: JsonObject,
  after: Readonly<Record<string, Value>>,
  definition: ResourceDefinition,
  isParameter: (name: string) => boolean,
): ChangeDetail[] {
  return namesOf(before, after)
    .filter((name) => !sameValue(before[name], after[name]))
    .map((name) => {
      const unknown = unknownIn(after[name] ?? null);
      const createOnly = isCreateOnly(type, name);
      return {
        attribute: name === type.tags?.property ? 'Tags' : 'Properties',
        name,
        requiresRecreation: createOnly ? (unknown === undefined ? 'Always' : 'Conditionally') : 'Never',
        evaluation: unknown === undefined ? 'Static' : 'Dynamic',
        ...causeOf(unknown, definition.properties[name], isParameter),
      };
    });
}

function causeOf(
  unknown: Unknown | undefined,
  expression: Json | undefined,
  isParameter: (name: string) => boolean,
): Pick<ChangeDetail, 'causingEntity' | 'source'> {
  if (unknown !== undefined)
    return {
      source: unknown.source.includes('.') ? 'ResourceAttribute' : 'ResourceReference',
      causingEntity: unknown.source,
    };
  const ref = isObject(expression) ? expression['Ref'] : undefined;
  if (typeof ref === 'string' && isParameter(ref)) return { source: 'ParameterReference', causingEntity: ref };
  return { source: 'DirectModification' };
}

function namesOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

/** Compares scalars after CloudFormation's conversion: `"30"` and `30` are equal. */
function sameValue(before: Json | undefined, after: Value | undefined): boolean {
  if (after instanceof Unknown || before === undefined || after === undefined) return before === after;
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return String(before) === String(after) && typeof before !== 'object' && typeof after !== 'object';
  if (Array.isArray(before) !== Array.isArray(after)) return false;
  const left = new Map<string, Json>(Object.entries(before));
  const right = new Map<string, Value>(Object.entries(after));
  return left.size === right.size && [...left].every(([key, value]) => sameValue(value, right.get(key)));
}
