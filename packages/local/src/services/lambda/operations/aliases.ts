import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { parseFunctionReference } from '../function-reference.js';
import type { AliasRecord } from '../model.js';
import { description, functionName, oneFunction, operation, paging, route, text } from '../operation.js';
import { page } from '../page.js';
import { type FunctionRegistry, key } from '../registry.js';
import { checkRevision } from '../revision.js';

const aliases = `${oneFunction}/aliases`;
const oneAlias = `${aliases}/{Name}`;
const aliasName = Type.String({ minLength: 1, maxLength: 128, pattern: '^(?![0-9]+$)[a-zA-Z0-9-_]+$' });
const versionName = Type.String({ pattern: '^(\\$LATEST|[0-9]+)$' });
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
  RevisionId: text,
});
const oneInput = Type.Object({ FunctionName: functionName, Name: aliasName });
const listInput = Type.Object({
  FunctionName: functionName,
  FunctionVersion: Type.Optional(versionName),
  ...paging,
});

/** Aliases: names that point to a version, or split the calls between two. */
export function aliasOperations(registry: FunctionRegistry): Operation[] {
  const describe = (alias: AliasRecord) => ({
    AliasArn: registry.arn(alias.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(Object.keys(alias.weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
  });

  return [
    operation('CreateAlias', route('POST', aliases, 201), createInput, (input) => {
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
    }),

    operation('UpdateAlias', route('PUT', oneAlias), updateInput, (input) => {
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
    }),

    operation('GetAlias', route('GET', oneAlias), oneInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      return describe(registry.alias(name, input.Name));
    }),

    /** Deleting a missing alias succeeds, as in AWS. */
    operation('DeleteAlias', route('DELETE', oneAlias, 204), oneInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const id = key(name, input.Name);
      registry.aliases.delete(id);
      registry.eventInvokeConfigs.delete(id);
      registry.policies.delete(id);
      return {};
    }),

    operation('ListAliases', route('GET', aliases), listInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const aliases = registry
        .aliasesOf(name)
        .filter((alias) => input.FunctionVersion === undefined || alias.functionVersion === input.FunctionVersion);
      const { items, ...next } = page(aliases, input);
      return { Aliases: items.map(describe), ...next };
    }),
  ];

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
