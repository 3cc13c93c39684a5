import { autoInputsOnFirstStep } from './auto-inputs-on-first-step.js';
import { chooserLast } from './chooser-last.js';
import { duplicateStep } from './duplicate-step.js';
import { endlessLoop } from './endless-loop.js';
import { expressions } from './expressions.js';
import { fileNameCollision } from './file-name-collision.js';
import { impossibleFile } from './impossible-file.js';
import { jobValues } from './job-values.js';
import { littleMemory } from './little-memory.js';
import { misspeltFile } from './misspelt-file.js';
import { misspeltInput } from './misspelt-input.js';
import { misspeltName } from './misspelt-name.js';
import { mutableImage } from './mutable-image.js';
import { namedFiles } from './named-files.js';
import { neverSkips } from './never-skips.js';
import { optionalValue } from './optional-value.js';
import { overwrittenOutput } from './overwritten-output.js';
import { missingParameter, secretParameter, unusedParameter } from './parameters.js';
import { referencesResolve } from './references.js';
import { badRepository, sharedRepository } from './repository.js';
import { retries } from './retries.js';
import { rewrittenNumber } from './rewritten-number.js';
import type { Rule } from './rule.js';
import { runTimeImage } from './run-time-image.js';
import { selectors } from './selectors.js';
import { sharedDestination } from './shared-destination.js';
import { stepName } from './step-name.js';
import { storedName } from './stored-name.js';
import { unknownNext } from './unknown-next.js';
import { unreachableStep } from './unreachable-step.js';
import { unusedScatterValue } from './unused-scatter-value.js';

/**
 * All rules. To add one, add a file in this folder, a line here, a code in codes.ts and an entry in
 * docs/diagnostics.md.
 */
export const rules: readonly Rule[] = [
  autoInputsOnFirstStep,
  badRepository,
  chooserLast,
  duplicateStep,
  endlessLoop,
  expressions,
  fileNameCollision,
  impossibleFile,
  jobValues,
  littleMemory,
  missingParameter,
  misspeltName,
  mutableImage,
  namedFiles,
  referencesResolve,
  retries,
  rewrittenNumber,
  runTimeImage,
  secretParameter,
  selectors,
  sharedRepository,
  stepName,
  unknownNext,
  unreachableStep,
  misspeltFile,
  misspeltInput,
  neverSkips,
  optionalValue,
  overwrittenOutput,
  sharedDestination,
  storedName,
  unusedScatterValue,
  unusedParameter,
];
