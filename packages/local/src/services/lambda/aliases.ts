import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Operations } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { parseInput } from '../../wire/parse-input.js';
import { parseFunctionReference } from './function-reference.js';
import type { AliasRecord } from './model.js';
import { page } from './page.js';
import { type FunctionRegistry, key } from './registry.js';
import { checkRevision } from './revision.js';

const functionName = Type.String({ minLength: 1 });
const aliasName = Type.String({ minLength: 1, maxLength: 128, pattern: '^(?![0-9]+$)[a-zA-Z0-9-_]+$' });
const versionName = Type.String({ pattern: '^(\\$LATEST|[0-9]+)$' });
const description = Type.Optional(Type.String({ maxLength: 256 }));
const routingConfig = Type.Optional(
  Type.Object({
    AdditionalVersionWeights: Type.Optional(
      Type.Record(Type.String({ pattern: '^[0-9]+$' }), Type.Number({ minimum: 0, maximum: 1 })),
    ),
  }),
);

const createInput = Type.Object({
  FunctionName: functionName,
  Name: aliasName,
  FunctionVersion: versionName,
  Description: description,
  RoutingConfig: routingConfig,
});
const updateInput = Type.Object({
  FunctionName: functionName,
  Name: aliasName,
  FunctionVersion: Type.Optional(versionName),
  Description: description,
  RoutingConfig: routingConfig,
  RevisionId: Type.Optional(Type.String()),
});
const oneInput = Type.Object({ FunctionName: functionName, Name: aliasName });
const listInput = Type.Object({
  FunctionName: functionName,
  FunctionVersion: Type.Optional(versionName),
  Marker: Type.Optional(Type.String()),
  MaxItems: Type.Optional(Type.Integer()),
});

/** Aliases: names that point to a version, or share the calls between two. */
export function aliasOperations(registry: FunctionRegistry): Operations {
  const describe = (alias: AliasRecord) => ({
    AliasArn: registry.arn(alias.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(Object.keys(alias.weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
  });

  return {
    CreateAlias(raw) {
      const input = parseInput(createInput, raw, 'ValidationException');
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      if (registry.aliases.has(key(name, input.Name)))
        throw new AwsError('ResourceConflictException', `Alias already exists: ${registry.arn(name, input.Name)}`, {
          status: 409,
          members: { Type: 'User' },
        });
      return save({
        functionName: name,
        name: input.Name,
        functionVersion: input.FunctionVersion,
        description: input.Description ?? '',
        weights: input.RoutingConfig?.AdditionalVersionWeights ?? {},
      });
    },

    UpdateAlias(raw) {
      const input = parseInput(updateInput, raw, 'ValidationException');
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const alias = registry.alias(name, input.Name);
      checkRevision('alias', alias.revisionId, input.RevisionId);
      return save({
        ...alias,
        functionVersion: input.FunctionVersion ?? alias.functionVersion,
        description: input.Description ?? alias.description,
        weights:
          input.RoutingConfig === undefined ? alias.weights : (input.RoutingConfig.AdditionalVersionWeights ?? {}),
      });
    },

    GetAlias(raw) {
      const input = parseInput(oneInput, raw, 'ValidationException');
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      return describe(registry.alias(name, input.Name));
    },

    /** Deleting an alias that is not there succeeds, as on AWS. */
    DeleteAlias(raw) {
      const input = parseInput(oneInput, raw, 'ValidationException');
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const id = key(name, input.Name);
      registry.aliases.delete(id);
      registry.eventInvokeConfigs.delete(id);
      registry.policies.delete(id);
      return {};
    },

    ListAliases(raw) {
      const input = parseInput(listInput, raw, 'ValidationException');
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const aliases = registry
        .aliasesOf(name)
        .filter((alias) => input.FunctionVersion === undefined || alias.functionVersion === input.FunctionVersion);
      const { items, ...next } = page(aliases, input);
      return { Aliases: items.map(describe), ...next };
    },
  };

  function save(alias: Omit<AliasRecord, 'revisionId'>): Record<string, unknown> {
    checkRouting(alias);
    const record: AliasRecord = { ...alias, revisionId: randomUUID() };
    registry.setAlias(record);
    return describe(record);
  }

  function checkRouting({ functionName, functionVersion, weights }: Omit<AliasRecord, 'revisionId'>): void {
    registry.version(functionName, functionVersion);
    const others = Object.keys(weights);
    if (others.length === 0) return;
    if (others.length > 1) throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
    if (functionVersion === '$LATEST')
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
    for (const other of others) {
      if (other === functionVersion)
        throw invalid(
          `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
        );
      registry.version(functionName, other);
    }
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}
