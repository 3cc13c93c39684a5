import { isPinnedImage, parseCarriedJobStep, parseJobStep } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import type { JobDefinition } from '../aws/job-definition.js';
import { readText, requireS3Uri } from '../aws/objects.js';
import type { StateMachine } from '../aws/state-machine.js';
import { parseDefinition } from '../plan/state-steps.js';

/** The image of a step, with a flag that is true when a registry can't replace it. */
export interface StepImage {
  readonly step: string;
  readonly image: string;
  readonly pinned: boolean;
}

/**
 * The images of a version's steps. Data that does not fit a job definition, because a step is large or because steps
 * share it, is read from the place where the version stores it.
 */
export async function readImages(
  clients: Pick<Clients, 's3'>,
  machine: StateMachine,
  definitions: ReadonlyMap<string, JobDefinition>,
): Promise<StepImage[]> {
  const found = await inParallel(jobsOf(machine), async ({ step, definition, text }) => {
    const known = definitions.get(definition);
    const image = known?.image ?? (await imageElsewhere(clients, text ?? known?.stepText));
    return image === undefined ? [] : [{ step, image, pinned: isPinnedImage(image) }];
  });
  return found.flat();
}

function jobsOf({ definition }: StateMachine) {
  try {
    return parseDefinition(definition).steps.flatMap(({ name, job }) =>
      job === undefined ? [] : [{ step: name, definition: job.definition, text: job.step }],
    );
  } catch {
    return []; // a state machine that was created by hand
  }
}

async function imageElsewhere(clients: Pick<Clients, 's3'>, text: string | undefined): Promise<string | undefined> {
  if (text === undefined || text === '') return undefined;
  const step = parseCarriedJobStep(text);
  if (typeof step !== 'string') return step.image;
  const object = await readText(clients, requireS3Uri(step));
  return object === undefined ? undefined : parseJobStep(object, step).image;
}
