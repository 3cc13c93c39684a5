import {
  allSteps,
  type BatchStep,
  type Diagnostic,
  maxCarriedBytes,
  nestedBlocks,
  type Step,
  stepsBefore,
  type Workflow,
} from '@bclaw/spec';
import { manifestName } from '@bclaw/spec/contract';
import { utf8Length } from '../canonical.js';
import type { Behaviour } from '../definition.js';
import { previousOutputs } from '../jobs/auto-inputs.js';
import { statesIn } from '../states-language.js';
import { checkLimit, limits } from './limits.js';

/**
 * Maximum size of a SubmitJob request without carried values: the names and ARNs of execution, queue and job
 * definition, and two S3 URIs (a key may take 1,024 bytes).
 */
const submitJobBytes = 4 * 1024;

/**
 * Maximum size of a payload that a state sends: three carried values, each of them twice in a branch, and locations.
 */
const payloadBytes = 48 * 1024;

/** Reports each request of a state that is too large because of the template alone, as `limit-exceeded`. */
export function checkRequests(
  workflow: Workflow,
  behaviour: Behaviour,
  pathOf: (stateName: string) => Diagnostic['path'],
): readonly Diagnostic[] {
  return [...checkAutomaticInputs(workflow), ...checkPayloads(behaviour, pathOf)];
}

/** The job of a step with automatic inputs gets all outputs of the previous step, as JSON in JSON. */
function checkAutomaticInputs(workflow: Workflow): readonly Diagnostic[] {
  if (!allSteps(workflow).some((step) => step.kind === 'batch' && step.inputs === 'auto')) return [];
  const found: Diagnostic[] = [];
  const check = (step: BatchStep, arriving: number, depth: number) => {
    const carried = depth === 0 ? 0 : 2 * maxCarriedBytes;
    found.push(
      ...checkLimit(
        limits.submitJob,
        submitJobBytes + carried + arriving,
        () => `The job of step "${step.name}", with the outputs of the step before it as inputs,`,
        step.path,
        'Name the `inputs` that the step needs.',
      ),
    );
  };
  checkBlock(workflow.steps, { before: new Set(), depth: 0 }, check);
  return found;
}

/** @param at - the steps whose outputs reach the block's first step, and the number of enclosing scatters */
function checkBlock(
  steps: readonly Step[],
  at: { readonly before: ReadonlySet<Step>; readonly depth: number },
  check: (step: BatchStep, arriving: number, depth: number) => void,
): void {
  const beforeEach = stepsBefore(steps, at.before);
  for (const step of steps) {
    const before = beforeEach.get(step.name) ?? new Set();
    if (step.kind === 'batch' && step.inputs === 'auto')
      check(step, Math.max(0, ...[...before].map(bytesOfOutputs)), at.depth);
    const inner = step.kind === 'scatter' ? { before: new Set<Step>(), depth: at.depth + 1 } : { ...at, before };
    for (const block of nestedBlocks(step)) checkBlock(block, inner, check);
  }
}

/** Bytes of the outputs that a step passes to the next one. */
function bytesOfOutputs(step: Step): number {
  switch (step.kind) {
    case 'batch':
      return jsonInJsonLength(previousOutputs(step.outputs));
    case 'scatter':
      return jsonInJsonLength({ manifest: manifestName(step.name) });
    case 'subpipe':
    case 'native':
    case 'chooser':
    case 'parallel-chooser':
      return 0;
    default:
      return step satisfies never;
  }
}

const jsonInJsonLength = (value: unknown): number => utf8Length(JSON.stringify(JSON.stringify(value)));

/** Checks the data that a task sends or returns because of the template alone, together with the payload. */
function checkPayloads(
  { definition, definitionText }: Behaviour,
  pathOf: (stateName: string) => Diagnostic['path'],
): readonly Diagnostic[] {
  // No state can be larger than all of them together.
  if (definitionText.length + payloadBytes <= limits.payload.max) return [];
  return [...statesIn(definition)].flatMap(([name, state]) =>
    state.Type === 'Task'
      ? checkLimit(
          limits.payload,
          utf8Length(JSON.stringify(state)) + payloadBytes,
          () => `What the state "${name}" sends on`,
          pathOf(name),
          'Write long lists into a file, and name the file.',
        )
      : [],
  );
}
