import { validationError } from '../errors.js';
import { isList, isObject, type JsonObject } from '../json.js';
import type { ResourceType } from '../resources/resource-type.js';
import { type Dependencies, dependenciesOf } from '../template/dependencies.js';
import { checkDynamicReferences } from '../template/dynamic-references.js';
import { evaluate, Unknown, type Value } from '../template/evaluate.js';
import { type ResourceDefinition, readTemplate, type Template } from '../template/template.js';
import type { Deployment, StackRecord } from './model.js';
import { type ResourceView, templateScope } from './scope.js';
import type { World } from './world.js';

/** The template of a deployment in its stack, after its conditions have been evaluated. */
export interface OpenedTemplate {
  readonly template: Template;
  /** The resources whose condition is true. */
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly dependencies: Dependencies;
  /** Exports of other stacks that have been used so far. */
  readonly imports: ReadonlySet<string>;
  /** The evaluated properties of a resource, with the stack's tags. */
  properties(logicalId: string, resource: (logicalId: string) => ResourceView | undefined): Record<string, Value>;
  /** The value of an expression outside the resources. */
  value(
    expression: Parameters<typeof evaluate>[0],
    place: string,
    resource: (logicalId: string) => ResourceView | undefined,
  ): Value | undefined;
  holds(condition: string): boolean;
}

/**
 * Opens the template of a deployment.
 *
 * @throws AwsError `ValidationError` for every problem that CloudFormation detects before it starts
 */
export function openTemplate(
  world: World,
  stack: Pick<StackRecord, 'id' | 'name' | 'notificationArns'>,
  deployment: Pick<Deployment, 'processed' | 'parameters' | 'tags'>,
): OpenedTemplate {
  const template = readTemplate(deployment.processed);
  checkTypes(world, template);
  const imports = new Set<string>();
  const exports = world.store.exports();
  const scopeWith = (resource: (logicalId: string) => ResourceView | undefined) =>
    templateScope({
      context: world.context,
      stack,
      template,
      parameters: deployment.parameters,
      resource,
      exported(name) {
        imports.add(name);
        return exports.get(name)?.value;
      },
    });
  const conditions = scopeWith(() => undefined);
  const holds = (condition: string) => conditions.condition(condition);
  for (const condition of Object.keys(template.conditions)) holds(condition);
  const resources = Object.fromEntries(
    Object.entries(template.resources).filter(([, { condition }]) => condition === undefined || holds(condition)),
  );
  const dependencies = dependenciesOf(resources, new Set(Object.keys(template.resources)), (condition) =>
    conditions.condition(condition, ' in Fn::If'),
  );
  return {
    template,
    resources,
    dependencies,
    imports,
    holds,
    value: (expression, place, resource) => evaluate(expression, scopeWith(resource), place),
    properties(logicalId, resource) {
      const definition = resources[logicalId];
      if (definition === undefined) throw new Error(`The template has no resource ${logicalId}.`);
      const scope = scopeWith(resource);
      const values: Record<string, Value> = {};
      for (const [name, expression] of Object.entries(definition.properties)) {
        const value = evaluate(expression, scope, `resource ${logicalId}`);
        if (value !== undefined) values[name] = value;
        for (const text of textsIn(value)) checkDynamicReferences(text, `resource ${logicalId}`);
      }
      return withTags(world.resourceType(definition.type), values, deployment.tags);
    },
  };
}

function* textsIn(value: Value | undefined): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null && !(value instanceof Unknown))
    for (const item of Object.values(value)) yield* textsIn(item);
}

function checkTypes(world: World, template: Template): void {
  const unknown = Object.values(template.resources)
    .map(({ type }) => type)
    .filter((type) => world.resourceType(type) === undefined);
  if (unknown.length > 0)
    throw validationError(`Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]`);
}

/** Tags of the stack are added to its resources, unless a resource overrides them. */
function withTags(
  type: ResourceType | undefined,
  values: Record<string, Value>,
  tags: Readonly<Record<string, string>>,
): Record<string, Value> {
  if (type?.tags === undefined || Object.keys(tags).length === 0) return values;
  const { property, form } = type.tags;
  const own = values[property];
  if (form === 'map') return { ...values, [property]: { ...tags, ...(isObject(own) ? own : {}) } };
  const list: readonly Value[] = Array.isArray(own) ? own : [];
  const named = new Set(list.map((tag) => (isObject(tag) ? tag['Key'] : undefined)));
  const inherited = Object.entries(tags).filter(([key]) => !named.has(key));
  return { ...values, [property]: [...list, ...inherited.map(([Key, Value]) => ({ Key, Value }))] };
}

/** Returns the first part of a value that is only known during the execution. */
export function unknownIn(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const item of Object.values(value)) {
    const found = unknownIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Converts values without unknowns to JSON. */
export function asJson(values: Readonly<Record<string, Value>>): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, json(value)]));
}

function json(value: Value): JsonObject[string] {
  if (value instanceof Unknown) throw new Error(`${value.source} is used before it is known.`);
  if (isList(value)) return value.map(json);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value) => json(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, json(item)]));
}
