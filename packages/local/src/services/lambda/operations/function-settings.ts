import { Type } from 'typebox';
import { awsConcurrentInvocations } from '../../../kernel/rates/aws-rates.js';
import type { Operation } from '../../../operation.js';
import { withoutTagKeys } from '../../../wire/tag-list.js';
import { parseFunctionReference } from '../function-reference.js';
import { functionName, operation, route, textMap } from '../operation.js';
import type { FunctionRegistry } from '../registry.js';

const tags = '/2017-03-31/tags/{Resource+}';
const concurrency = '/2017-10-31/functions/{FunctionName}/concurrency';
const resource = { Resource: Type.String({ pattern: '^arn:[a-z-]+:lambda:' }) };
const tagInput = Type.Object({ ...resource, Tags: textMap });
const untagInput = Type.Object({ ...resource, TagKeys: Type.Array(Type.String(), { query: 'tagKeys' }) });
const listTagsInput = Type.Object(resource);
const functionInput = Type.Object({ FunctionName: functionName });
const concurrencyInput = Type.Object({
  FunctionName: functionName,
  ReservedConcurrentExecutions: Type.Integer({ minimum: 0 }),
});

/** AWS's defaults: "Lambda quotas". */
const codeStorageBytes = 75 * 2 ** 30;
const accountLimit = {
  TotalCodeSize: codeStorageBytes,
  CodeSizeUnzipped: 250 * 2 ** 20,
  CodeSizeZipped: 50 * 2 ** 20,
  ConcurrentExecutions: awsConcurrentInvocations,
};

/** Settings of a function as a whole, independent of its versions: tags and reserved concurrency; and those of the account. */
export function functionSettingOperations(registry: FunctionRegistry): Operation[] {
  const find = (functionName: string) => registry.function(parseFunctionReference(functionName, undefined).name);

  return [
    operation('TagResource', route('POST', tags, 204), tagInput, (input) => {
      const record = find(input.Resource);
      registry.functions.set(record.name, { ...record, tags: { ...record.tags, ...input.Tags } });
      return {};
    }),

    operation('UntagResource', route('DELETE', tags, 204), untagInput, (input) => {
      const record = find(input.Resource);
      registry.functions.set(record.name, { ...record, tags: withoutTagKeys(record.tags, input.TagKeys) });
      return {};
    }),

    operation('ListTags', route('GET', tags), listTagsInput, (input) => ({
      Tags: find(input.Resource).tags,
    })),

    operation('PutFunctionConcurrency', route('PUT', concurrency), concurrencyInput, (input) => {
      const record = find(input.FunctionName);
      registry.functions.set(record.name, { ...record, reservedConcurrency: input.ReservedConcurrentExecutions });
      return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
    }),

    operation(
      'GetFunctionConcurrency',
      route('GET', '/2019-09-30/functions/{FunctionName}/concurrency'),
      functionInput,
      (input) => {
        const { reservedConcurrency } = find(input.FunctionName);
        return { ReservedConcurrentExecutions: reservedConcurrency };
      },
    ),

    operation('DeleteFunctionConcurrency', route('DELETE', concurrency, 204), functionInput, (input) => {
      const { reservedConcurrency: _, ...record } = find(input.FunctionName);
      registry.functions.set(record.name, record);
      return {};
    }),

    operation('GetAccountSettings', route('GET', '/2016-08-19/account-settings'), Type.Object({}), () => {
      const reserved = [...registry.functions.values()].reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
      const stored = [...registry.versions.values()].reduce((sum, { code }) => sum + code.bytes, 0);
      return {
        AccountLimit: { ...accountLimit, UnreservedConcurrentExecutions: awsConcurrentInvocations - reserved },
        AccountUsage: { TotalCodeSize: stored, FunctionCount: registry.functions.size },
      };
    }),
  ];
}
