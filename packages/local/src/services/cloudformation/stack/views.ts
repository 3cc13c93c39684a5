import { validationError } from '../errors.js';
import type { ResourceType } from '../resources/resource-type.js';
import { Unknown } from '../template/evaluate.js';
import type { ResourceRecord } from './model.js';
import type { ResourceView } from './scope.js';

/** The view of an existing resource. */
export function existingView(type: ResourceType, resource: ResourceRecord): ResourceView {
  const { logicalId, physicalId, attributes, properties } = resource;
  return {
    ref: physicalId ?? '',
    attribute(name) {
      const value = attributes[name] ?? (isPropertyOf(type, name) ? properties[name] : undefined);
      if (value === undefined) throw noAttribute(logicalId, name, type);
      return value;
    },
  };
}

/** The view of a resource that has not been created yet. */
export function unknownView(type: ResourceType, logicalId: string): ResourceView {
  return {
    ref: new Unknown(logicalId),
    attribute(name) {
      if (!type.attributes.includes(name) && !isPropertyOf(type, name)) throw noAttribute(logicalId, name, type);
      return new Unknown(`${logicalId}.${name}`);
    },
  };
}

/** The view of a resource that will be updated in place: only some of its values stay the same. */
export function changingView(type: ResourceType, resource: ResourceRecord): ResourceView {
  const before = existingView(type, resource);
  const after = unknownView(type, resource.logicalId);
  const changing = new Set(type.changesOnUpdate ?? []);
  return {
    ref: changing.has('Ref') ? after.ref : before.ref,
    attribute: (name) => (changing.has(name) || isPropertyOf(type, name) ? after : before).attribute(name),
  };
}

/** Returns true for a property that `Fn::GetAtt` gives, too. */
function isPropertyOf(type: ResourceType, name: string): boolean {
  return type.propertiesAreAttributes === true && Object.hasOwn(type.properties.properties, name);
}

function noAttribute(logicalId: string, name: string, type: ResourceType): Error {
  const has = type.attributes.length === 0 ? 'it has none' : `it has ${type.attributes.join(', ')}`;
  return validationError(
    `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt (${has})`,
  );
}
