import type { S3Client } from '@aws-sdk/client-s3';
import { conditionHolds } from '@bclaw/spec/expressions';
import { type ChooseRequest, type ChooseResult, parseChooseRequest } from '@bclaw/spec/run-time';
import { asJobError } from '../errors.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { type Names, namesFor } from './names.js';

/** What the function needs from outside. */
export interface ChooseDependencies extends FunctionDependencies {
  readonly s3: S3Client;
}

/**
 * The function of a chooser's first state: reads the inputs and evaluates the conditions over them.
 *
 * Conditions know the inputs by their names, `job`, `scatter` and `parent`, and, when there is a single input that is an
 * object, its keys. A condition that cannot be evaluated is an error that quotes it, never a false.
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
  return asJobError('ConditionFailed', 'Correct the condition, or what its inputs hold.', () =>
    conditionHolds(condition, names),
  );
}
