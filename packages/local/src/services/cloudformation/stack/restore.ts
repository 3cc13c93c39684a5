import { messageOf } from '../errors.js';
import { sameJson } from '../json.js';
import type { Dependencies } from '../template/dependencies.js';
import type { ResourceRecord, StepRecord } from './model.js';
import type { Progress } from './progress.js';
import { resourceRequest } from './resource-request.js';
import { existing } from './resource-work.js';
import { propertiesWithSecrets } from './secret-values.js';
import { walk } from './walk.js';
import { Interrupted, toolsOf } from './world.js';

type Undoable = Extract<StepRecord, { action: 'replace' | 'update' }>;

/**
 * Restores the resources that a failed update changed. Resources that it created are not touched: others may still use
 * them until everything is restored.
 *
 * @returns logical ids of the resources that could not be restored
 * @throws Interrupted when the engine stops
 */
export async function restoreAll(progress: Progress): Promise<string[]> {
  const { world, stackId } = progress;
  const steps = new Map<string, Undoable>();
  for (const step of world.store.stepsOf(stackId))
    if (step.action === 'replace' || step.action === 'update') steps.set(step.logicalId, step);
  const dependencies: Dependencies = new Map(
    [...steps].map(([logicalId, { before }]) => [logicalId, new Set(before.dependsOn)]),
  );
  const failed: string[] = [];
  await walk(dependencies, async (logicalId) => {
    const step = steps.get(logicalId);
    if (step === undefined || world.stopping()) return false;
    try {
      await (step.action === 'update' ? restoreUpdated(progress, step) : restoreReplaced(progress, step));
      return true;
    } catch (error) {
      failed.push(logicalId);
      progress.resource(step.before, 'UPDATE_FAILED', messageOf(error));
      return false;
    }
  });
  if (failed.length === 0 && world.stopping()) throw new Interrupted();
  return failed;
}

async function restoreUpdated(
  progress: Progress,
  { logicalId, before, state: stepState }: Extract<Undoable, { action: 'update' }>,
): Promise<void> {
  const { world, stackId, stackName } = progress;
  const { store } = world;
  const current = store.resource(stackId, logicalId) ?? before;
  let restored: ResourceRecord = before;
  if (stepState === 'started' || !sameJson(current.properties, before.properties)) {
    progress.resource(current, 'UPDATE_IN_PROGRESS');
    const type = world.resourceType(before.type);
    const properties = await propertiesWithSecrets(toolsOf(world, stackName), before.properties);
    const request = resourceRequest(world, stackName, logicalId, properties, before.token);
    const state = await type?.update?.(request, existing(current));
    restored = { ...before, ...state, status: 'UPDATE_COMPLETE', updatedAt: new Date().toISOString() };
    progress.resource(restored, 'UPDATE_COMPLETE');
  }
  store.setResource(stackId, restored);
  store.clearStep(stackId, logicalId);
}

/** The old resource still exists: the stack switches back to it, and records that the new one is to be discarded. */
function restoreReplaced(
  progress: Progress,
  { logicalId, before, state, keepNew }: Extract<Undoable, { action: 'replace' }>,
): void {
  const { store } = progress.world;
  const made = state === 'done' ? store.resource(progress.stackId, logicalId) : undefined;
  store.setResource(progress.stackId, { ...before, status: 'UPDATE_COMPLETE' });
  progress.resource(before, 'UPDATE_COMPLETE');
  if (made === undefined) store.clearStep(progress.stackId, logicalId);
  else store.setStep(progress.stackId, { logicalId, action: 'discard', made, keep: keepNew });
}
