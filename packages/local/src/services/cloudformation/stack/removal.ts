import { messageOf } from '../errors.js';
import type { Dependencies } from '../template/dependencies.js';
import type { ResourceRecord } from './model.js';
import type { Progress } from './progress.js';
import { existing } from './resource-work.js';
import { backwards, walk } from './walk.js';
import { Interrupted, toolsOf } from './world.js';

/** A resource to be removed from a stack. */
export interface Removal {
  readonly resource: ResourceRecord;
  /** True when the resource leaves the stack but is not deleted. */
  readonly keep: boolean;
  /** Removes the resource from the journal. */
  readonly forget: () => void;
}

/**
 * Removes resources, each one before its dependencies.
 *
 * @returns logical ids of the resources that could not be removed
 * @throws Interrupted when the engine stops
 */
export async function removeAll(progress: Progress, removals: readonly Removal[]): Promise<string[]> {
  const byName = new Map(removals.map((removal) => [removal.resource.logicalId, removal]));
  const dependencies: Dependencies = new Map(
    removals.map(({ resource }) => [resource.logicalId, new Set(resource.dependsOn)]),
  );
  const failed: string[] = [];
  await walk(backwards(dependencies), async (name) => {
    const removal = byName.get(name);
    if (removal === undefined || progress.world.stopping()) return false;
    const isGone = await remove(progress, removal);
    if (!isGone) failed.push(name);
    return isGone;
  });
  if (failed.length === 0 && progress.world.stopping()) throw new Interrupted();
  return failed;
}

async function remove(progress: Progress, { resource, keep, forget }: Removal): Promise<boolean> {
  const { world } = progress;
  if (keep && resource.physicalId !== undefined) {
    progress.resource(resource, 'DELETE_SKIPPED');
    forget();
    return true;
  }
  if (resource.physicalId === undefined) {
    forget();
    return true;
  }
  progress.resource(resource, 'DELETE_IN_PROGRESS');
  try {
    await world.resourceType(resource.type)?.delete(existing(resource), toolsOf(world, progress.stackName));
  } catch (error) {
    progress.resource(resource, 'DELETE_FAILED', messageOf(error));
    return false;
  }
  progress.resource(resource, 'DELETE_COMPLETE');
  forget();
  return true;
}
