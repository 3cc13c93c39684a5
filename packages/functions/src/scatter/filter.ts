import { conditionHolds, ExpressionSyntaxError, parseExpression, type Value, valueFrom } from '@bclaw/spec/expressions';
import { BclawError, type JobData, jsonText, plainData } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';

/**
 * The items for which a condition holds. It knows the item as `row`, and `job`, `scatter` and `parent` as everywhere.
 *
 * @param name of the source in the template, for error messages
 * @param where the condition
 * @throws JobError `ConditionFailed` when the condition cannot be read, or not be evaluated for an item
 */
export async function* filtered(
  name: string,
  items: AsyncIterable<unknown>,
  where: string,
  { data }: { readonly data: JobData },
): AsyncGenerator<unknown> {
  const expression = parsed(name, where);
  const names = new Map<string, Value>([
    ['job', valueFrom(data.job)],
    ['scatter', valueFrom(data.scatter)],
    ['parent', valueFrom(plainData(data).parent)],
  ]);
  for await (const item of items) {
    names.set('row', valueFrom(item));
    let holds: boolean;
    try {
      holds = conditionHolds(where, names, expression);
    } catch (cause) {
      if (!(cause instanceof BclawError)) throw cause;
      throw new JobError(
        'ConditionFailed',
        `The condition of the scatter source "${name}" fails for the item ${jsonText(item).slice(0, 300)}. ${cause.message}.`,
        { hint: cause.hint ?? 'Values of a CSV file are texts: write `int(row.reads) > 1000`.', cause },
      );
    }
    if (holds) yield item;
  }
}

function parsed(name: string, where: string) {
  try {
    return parseExpression(where);
  } catch (cause) {
    if (!(cause instanceof ExpressionSyntaxError)) throw cause;
    throw new JobError(
      'ConditionFailed',
      `The condition of the scatter source "${name}", \`${where}\`, cannot be read: ${cause.message}.`,
      { hint: cause.hint ?? 'Correct the condition.', cause },
    );
  }
}
