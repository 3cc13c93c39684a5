import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { callingAs } from '../../../kernel/access/calling-as.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { AsyncQueue } from '../async-queue.js';
import { codeMembers, readCode } from '../code-source.js';
import {
  changeConfiguration,
  configurationMembers,
  createConfiguration,
  describeVersion,
  role,
} from '../configuration.js';
import type { WorkerFleet } from '../fleet.js';
import { parseFunctionReference } from '../function-reference.js';
import type { FunctionVersion } from '../model.js';
import { functionName, functions, oneFunction, operation, paging, route, text, textMap } from '../operation.js';
import { page } from '../page.js';
import { type FunctionRegistry, key } from '../registry.js';
import { checkRevision } from '../revision.js';
import { storeCode } from '../zip.js';
import { publish } from './versions.js';

const configuration = `${oneFunction}/configuration`;
const one = Type.Object({ FunctionName: functionName, Qualifier: text });
const architectures = Type.Optional(Type.Array(Type.Union([Type.Literal('x86_64'), Type.Literal('arm64')])));
const flag = Type.Optional(Type.Boolean());

const creation = Type.Object({
  ...configurationMembers,
  Role: role,
  FunctionName: functionName,
  Code: Type.Object(codeMembers),
  Architectures: architectures,
  Publish: flag,
  Tags: Type.Optional(textMap),
});
const configurationChange = Type.Object({ ...configurationMembers, FunctionName: functionName, RevisionId: text });
const codeChange = Type.Object({
  ...codeMembers,
  FunctionName: functionName,
  Architectures: architectures,
  DryRun: flag,
  Publish: flag,
  RevisionId: text,
});
const listing = Type.Object({ FunctionVersion: Type.Optional(Type.Literal('ALL')), ...paging });

/** Creating, reading, updating and deleting functions. */
export function functionOperations(
  context: EngineContext,
  registry: FunctionRegistry,
  fleet: WorkerFleet,
  queue: AsyncQueue,
  codeDirectory: string,
): Operation[] {
  const describe = (version: FunctionVersion) =>
    describeVersion(
      version,
      registry.arn(version.functionName, version.version === '$LATEST' ? undefined : version.version),
    );

  const find = (input: { readonly FunctionName: string; readonly Qualifier?: string }) => {
    const reference = parseFunctionReference(input.FunctionName, input.Qualifier);
    return { ...reference, ...registry.resolve(reference, 1) };
  };

  return [
    operation('CreateFunction', route('POST', functions, 201), creation, async (input, request) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      refuseExisting(name);
      const configuration = {
        ...createConfiguration(name, input),
        architectures: input.Architectures ?? ['x86_64'],
      };
      checkRole(context, configuration.role);
      const code = await storeCode(codeDirectory, await readCode(callingAs(context, request.caller), input.Code));
      refuseExisting(name);
      const latest: FunctionVersion = {
        functionName: name,
        version: '$LATEST',
        configuration,
        description: input.Description ?? '',
        code,
        revisionId: randomUUID(),
        lastModified: new Date().toISOString(),
      };
      registry.functions.set(name, { name, tags: input.Tags ?? {} });
      registry.setVersion(latest);
      return describe(input.Publish === true ? publish(registry, name) : latest);
    }),

    operation('GetFunction', route('GET', oneFunction), one, (input) => {
      const { name, version, invokedArn } = find(input);
      const { tags, reservedConcurrency } = registry.function(name);
      return {
        Configuration: describeVersion(version, invokedArn),
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
        ...(reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
      };
    }),

    operation('GetFunctionConfiguration', route('GET', configuration), one, (input) => {
      const { version, invokedArn } = find(input);
      return describeVersion(version, invokedArn);
    }),

    operation('UpdateFunctionConfiguration', route('PUT', configuration), configurationChange, (input) => {
      const latest = changeable(input.FunctionName, input.RevisionId);
      if (input.Role !== undefined) checkRole(context, input.Role);
      const changed = replaceLatest(latest, {
        configuration: changeConfiguration(latest.configuration, input),
        description: input.Description ?? latest.description,
      });
      return describe(changed);
    }),

    operation('UpdateFunctionCode', route('PUT', `${oneFunction}/code`), codeChange, async (input, request) => {
      changeable(input.FunctionName, input.RevisionId);
      const code = await storeCode(codeDirectory, await readCode(callingAs(context, request.caller), input));
      // Checked again, as reading the package takes time.
      const latest = changeable(input.FunctionName, input.RevisionId);
      const configuration = {
        ...latest.configuration,
        architectures: input.Architectures ?? latest.configuration.architectures,
      };
      if (input.DryRun === true) return describe({ ...latest, configuration, code });
      const changed = replaceLatest(latest, { configuration, code });
      return describe(input.Publish === true ? publish(registry, latest.functionName) : changed);
    }),

    operation('DeleteFunction', route('DELETE', oneFunction, 204), one, (input) => {
      const { name, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
      registry.function(name);
      if (qualifier === undefined) removeFunction(name);
      else removeVersion(name, qualifier);
      return {};
    }),

    operation('ListFunctions', route('GET', functions), listing, (input) => {
      const names = [...registry.functions.values()].map(({ name }) => name).sort();
      const versions = names.flatMap((name) =>
        input.FunctionVersion === 'ALL' ? registry.versionsOf(name) : [registry.version(name, '$LATEST')],
      );
      const { items, ...next } = page(versions, input);
      return {
        Functions: items.map((version) =>
          describeVersion(version, registry.arn(version.functionName, version.version)),
        ),
        ...next,
      };
    }),
  ];

  function refuseExisting(name: string): void {
    if (registry.functions.has(name))
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, {
        status: 409,
        members: { Type: 'User' },
      });
  }

  /** `$LATEST` of a function that is about to be changed. */
  function changeable(functionName: string, revisionId: string | undefined): FunctionVersion {
    const { name } = parseFunctionReference(functionName, undefined);
    registry.function(name);
    const latest = registry.version(name, '$LATEST');
    checkRevision('function', latest.revisionId, revisionId);
    return latest;
  }

  function replaceLatest(latest: FunctionVersion, changes: Partial<FunctionVersion>): FunctionVersion {
    const changed = { ...latest, ...changes, revisionId: randomUUID(), lastModified: new Date().toISOString() };
    registry.setVersion(changed);
    fleet.retire(latest);
    return changed;
  }

  function removeFunction(name: string): void {
    const versions = registry.versionsOf(name);
    registry.removeFunction(name);
    queue.forget(name);
    for (const version of versions) fleet.retire(version);
  }

  function removeVersion(name: string, qualifier: string): void {
    if (qualifier === '$LATEST')
      throw new AwsError(
        'InvalidParameterValueException',
        '$LATEST version cannot be deleted without deleting the function.',
      );
    const version = registry.version(name, qualifier);
    const aliases = registry
      .aliasesOf(name)
      .filter((alias) => alias.functionVersion === qualifier || Object.hasOwn(alias.weights, qualifier));
    if (aliases.length > 0)
      throw new AwsError(
        'ResourceConflictException',
        `Version ${qualifier} of function ${name} cannot be deleted, because these aliases point to it: ` +
          `${aliases.map((alias) => alias.name).join(', ')}. Point them to another version first.`,
        { status: 409, members: { Type: 'User' } },
      );
    registry.versions.delete(key(name, qualifier));
    registry.eventInvokeConfigs.delete(key(name, qualifier));
    registry.policies.delete(key(name, qualifier));
    fleet.retire(version);
  }
}

/** @throws AwsError `InvalidParameterValueException` when Lambda may not use the role of a function */
function checkRole({ iam }: EngineContext, role: string): void {
  if (iam?.isAssumableBy(role, 'lambda.amazonaws.com') === false)
    throw new AwsError(
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
      {
        members: { Type: 'User' },
      },
    );
}
