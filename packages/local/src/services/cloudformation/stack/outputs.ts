import { validationError } from '../errors.js';
import type { StackOutput, StackRecord } from './model.js';
import type { OpenedTemplate } from './opened-template.js';
import type { ResourceView } from './scope.js';
import type { StackStore } from './store.js';

/**
 * Returns the outputs of a stack whose resources all exist.
 *
 * @throws AwsError `ValidationError`
 */
export function outputsOf(
  opened: OpenedTemplate,
  resource: (logicalId: string) => ResourceView | undefined,
): StackOutput[] {
  return Object.entries(opened.template.outputs)
    .filter(([, { condition }]) => condition === undefined || opened.holds(condition))
    .map(([key, { value, description, exportName }]) => {
      const text = (expression: typeof value, what: string) => {
        const result = opened.value(expression, `output ${key}`, resource);
        if (typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean')
          return String(result);
        throw validationError(
          `Template format error: The ${what} field of every Outputs member must evaluate to a String (output ${key}).`,
        );
      };
      return {
        key,
        value: text(value, 'Value'),
        ...(description === undefined ? {} : { description }),
        ...(exportName === undefined ? {} : { exportName: text(exportName, 'Name') }),
      };
    });
}

/**
 * Checks the new exports of a stack for conflicts with other stacks' exports and with imports.
 *
 * @throws AwsError `ValidationError`
 */
export function checkExports(store: StackStore, stack: StackRecord, outputs: readonly StackOutput[]): void {
  const exports = store.exports();
  const values = new Map<string, string>();
  for (const { exportName, value } of outputs) {
    if (exportName === undefined) continue;
    const other = exports.get(exportName);
    if (values.has(exportName) || (other !== undefined && other.stackId !== stack.id))
      throw validationError(
        `Export with name ${exportName} is already exported by stack ${store.get(other?.stackId ?? stack.id).name}`,
      );
    values.set(exportName, value);
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined || values.get(exportName) === value) continue;
    const users = store.importersOf(exportName).filter(({ id }) => id !== stack.id);
    if (users.length > 0)
      throw validationError(
        `Export ${exportName} cannot be ${values.has(exportName) ? 'updated' : 'deleted'} as it is in use by ${users.map(({ name }) => name).join(', ')}`,
      );
  }
}
