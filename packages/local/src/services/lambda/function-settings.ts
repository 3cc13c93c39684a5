import { Type } from 'typebox';
import type { Operations } from '../../kernel/service.js';
import { parseInput } from '../../wire/parse-input.js';
import { parseFunctionReference } from './function-reference.js';
import type { FunctionRegistry } from './registry.js';

const resource = { Resource: Type.String({ pattern: '^arn:[a-z-]+:lambda:' }) };
const tagInput = Type.Object({ ...resource, Tags: Type.Record(Type.String(), Type.String()) });
const untagInput = Type.Object({ ...resource, TagKeys: Type.Array(Type.String()) });
const listTagsInput = Type.Object(resource);
const functionInput = Type.Object({ FunctionName: Type.String({ minLength: 1 }) });
const concurrencyInput = Type.Object({
  FunctionName: Type.String({ minLength: 1 }),
  ReservedConcurrentExecutions: Type.Integer({ minimum: 0 }),
});

/** What belongs to a function as a whole, whatever its versions: tags and reserved concurrency. */
export function functionSettingOperations(registry: FunctionRegistry): Operations {
  const find = (functionName: string) => registry.function(parseFunctionReference(functionName, undefined).name);

  return {
    TagResource(raw) {
      const input = parseInput(tagInput, raw, 'ValidationException');
      const record = find(input.Resource);
      registry.functions.set(record.name, { ...record, tags: { ...record.tags, ...input.Tags } });
      return {};
    },

    UntagResource(raw) {
      const input = parseInput(untagInput, raw, 'ValidationException');
      const record = find(input.Resource);
      const tags = Object.fromEntries(Object.entries(record.tags).filter(([name]) => !input.TagKeys.includes(name)));
      registry.functions.set(record.name, { ...record, tags });
      return {};
    },

    ListTags(raw) {
      return { Tags: find(parseInput(listTagsInput, raw, 'ValidationException').Resource).tags };
    },

    PutFunctionConcurrency(raw) {
      const input = parseInput(concurrencyInput, raw, 'ValidationException');
      const record = find(input.FunctionName);
      registry.functions.set(record.name, { ...record, reservedConcurrency: input.ReservedConcurrentExecutions });
      return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
    },

    GetFunctionConcurrency(raw) {
      const { reservedConcurrency } = find(parseInput(functionInput, raw, 'ValidationException').FunctionName);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },

    DeleteFunctionConcurrency(raw) {
      const { reservedConcurrency: _, ...record } = find(
        parseInput(functionInput, raw, 'ValidationException').FunctionName,
      );
      registry.functions.set(record.name, record);
      return {};
    },
  };
}
