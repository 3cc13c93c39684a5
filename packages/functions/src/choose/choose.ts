import type { S3Client } from '@aws-sdk/client-s3';
import { conditionHolds, ExpressionSyntaxError } from '@bclaw/spec/expressions';
import { BclawError, type ChooseRequest, type ChooseResult, parseChooseRequest } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { type Names, namesFor } from './names.js';

/** The function's dependencies. */
export interface ChooseDependencies extends FunctionDependencies {
  readonly s3: S3Client;
}

/**
 * The function of a chooser's first state: reads the inputs and evaluates the conditions over them.
 *
 * Conditions know the inputs by their names, `job`, `scatter` and `parent`, and, when there is a single input that is
 * an object, its keys. A condition that cannot be evaluated is an error that quotes it, never a false.
 *
 * @returns a handler from {@link ChooseRequest} to {@link ChooseResult}; it throws {@link JobError}
 * @example
 * ```ts
 * const choose = createChoose({ s3: new S3Client({}), log: console.log, clock: () => performance.now() });
 * await choose({ step: 'Deep?', inputs: { qc: 'qc.json' }, mode: 'first', conditions: ['depth > 30'], payload }); // { choice: 0 }
 * ```
 */
export function createChoose({ s3, ...dependencies }: ChooseDependencies): (event: unknown) => Promise<ChooseResult> {
  return stepFunction(
    'choose',
    parseChooseRequest,
    async (request) => {
      const names = await namesFor(s3, request);
      switch (request.mode) {
        case 'first':
          return { choice: request.conditions.findIndex((condition) => holds(condition, names)) };
        case 'every':
          return { choices: request.conditions.map((condition) => holds(condition, names)) };
      }
    },
    dependencies,
  );
}

function holds(condition: ChooseRequest['conditions'][number], names: Names): boolean {
  if (condition === null) return true;
  try {
    return conditionHolds(condition, names);
  } catch (cause) {
    if (!(cause instanceof BclawError)) throw cause;
    // Errors during the evaluation quote the condition themselves.
    const message =
      cause instanceof ExpressionSyntaxError
        ? `The condition \`${condition}\` cannot be read: ${cause.message}.`
        : `${cause.message}.`;
    throw new JobError('ConditionFailed', message, {
      hint: cause.hint ?? 'Correct the condition, or what its inputs hold.',
      cause,
    });
  }
}
