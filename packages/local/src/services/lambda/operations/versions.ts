import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { describeVersion, sameContent } from '../configuration.js';
import { parseFunctionReference } from '../function-reference.js';
import type { FunctionVersion } from '../model.js';
import { description, functionName, oneFunction, operation, paging, route, text } from '../operation.js';
import { page } from '../page.js';
import type { FunctionRegistry } from '../registry.js';
import { checkRevision } from '../revision.js';

const versions = `${oneFunction}/versions`;
const publishInput = Type.Object({
  FunctionName: functionName,
  CodeSha256: text,
  Description: description,
  RevisionId: text,
});
const listInput = Type.Object({
  FunctionName: functionName,
  ...paging,
});

/**
 * Publishes `$LATEST` as the next version, or returns the last version when nothing changed since it was published.
 * Numbers only increase and are never reused, even when the function is deleted and created again.
 */
export function publish(registry: FunctionRegistry, name: string, description?: string): FunctionVersion {
  const latest = registry.version(name, '$LATEST');
  const last = registry.lastPublished(name);
  if (last !== undefined && sameContent(last, latest)) return last;
  const number = (registry.lastNumbers.get(name) ?? 0) + 1;
  const version: FunctionVersion = {
    ...latest,
    version: String(number),
    description: description ?? latest.description,
    revisionId: randomUUID(),
  };
  registry.lastNumbers.set(name, number);
  registry.setVersion(version);
  // Publishing also changes the revision id of $LATEST.
  registry.setVersion({ ...latest, revisionId: randomUUID() });
  return version;
}

/** Publishing and listing versions. */
export function versionOperations(registry: FunctionRegistry): Operation[] {
  return [
    operation('PublishVersion', route('POST', versions, 201), publishInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const latest = registry.version(name, '$LATEST');
      checkRevision('function', latest.revisionId, input.RevisionId);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.code.sha256)
        throw new AwsError(
          'InvalidParameterValueException',
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      const version = publish(registry, name, input.Description);
      return describeVersion(version, registry.arn(name, version.version));
    }),

    operation('ListVersionsByFunction', route('GET', versions), listInput, (input) => {
      const { name } = parseFunctionReference(input.FunctionName, undefined);
      registry.function(name);
      const { items, ...next } = page(registry.versionsOf(name), input);
      return {
        Versions: items.map((version) => describeVersion(version, registry.arn(name, version.version))),
        ...next,
      };
    }),
  ];
}
