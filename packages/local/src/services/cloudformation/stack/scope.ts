import type { EngineContext } from '../../../kernel/service.js';
import { MissingExport, validationError } from '../errors.js';
import type { Scope, Value } from '../template/evaluate.js';
import { evaluateCondition } from '../template/evaluate.js';
import { parameterValue } from '../template/parameters.js';
import type { Template } from '../template/template.js';
import type { StackRecord } from './model.js';

/** The values of a resource for `Ref` and `Fn::GetAtt`. */
export interface ResourceView {
  readonly ref: Value;
  attribute(name: string): Value;
}

/** The inputs that determine the values in a template. */
export interface ScopeOptions {
  readonly context: EngineContext;
  readonly stack: Pick<StackRecord, 'id' | 'name' | 'notificationArns'>;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** The value of another stack's export. */
  readonly exported: (name: string) => string | undefined;
  readonly resource: (logicalId: string) => ResourceView | undefined;
}

/** The scope of a template's expressions in a stack. */
export function templateScope(options: ScopeOptions): Scope {
  const { template, parameters, context, resource } = options;
  const conditions = new Map<string, boolean | 'running'>();
  const scope: Scope = {
    mappings: template.mappings,
    region: context.region,
    ref(name) {
      // Names come from the template, and every object inherits names such as `constructor`.
      const declaration = Object.hasOwn(template.parameters, name) ? template.parameters[name] : undefined;
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (declaration !== undefined && value !== undefined) return parameterValue(declaration, value);
      return pseudoParameter(options, name) ?? resource(name)?.ref;
    },
    attribute: (logicalId, attribute) => resource(logicalId)?.attribute(attribute),
    condition(name, where = '') {
      const known = conditions.get(name);
      if (typeof known === 'boolean') return known;
      const definition = Object.hasOwn(template.conditions, name) ? template.conditions[name] : undefined;
      if (definition === undefined)
        throw validationError(`Template error: unresolved condition dependency ${name}${where}`);
      if (known === 'running') throw validationError(`Template error: condition ${name} depends on itself`);
      conditions.set(name, 'running');
      const result = evaluateCondition(definition, scope, `condition ${name}`);
      conditions.set(name, result);
      return result;
    },
    importValue(name) {
      const value = options.exported(name);
      if (value === undefined) throw new MissingExport(name);
      return value;
    },
  };
  return scope;
}

function pseudoParameter({ context, stack }: ScopeOptions, name: string): Value | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return context.accountId;
    case 'AWS::NotificationARNs':
      return stack.notificationArns;
    case 'AWS::Partition':
      return context.partition;
    case 'AWS::Region':
      return context.region;
    case 'AWS::StackId':
      return stack.id;
    case 'AWS::StackName':
      return stack.name;
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
  }
  return undefined;
}
