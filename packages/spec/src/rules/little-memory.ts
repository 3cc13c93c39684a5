import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Less than this is hardly intended: the shell and the tools it starts need more. */
const littleMiB = 64;

/**
 * A number without a unit is MiB: `memory: 4` is 4 MiB, though the author probably meant 4 GiB. What is in
 * /dev/shm counts as the step's memory.
 */
export const littleMemory: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind !== 'batch') continue;
    const { memoryMiB, shmMiB = 0 } = step.compute;
    if (shmMiB > memoryMiB)
      report.warning(
        'little-memory',
        [...step.path, 'compute', 'shm'],
        `\`shm\` is ${shmMiB} MiB, more than all the memory of the step, ${memoryMiB} MiB, of which it is a part.`,
        { hint: `Give the step more \`memory\`, or \`shm\` less than that.` },
      );
    const compute = sourceOf(step)['compute'];
    const memory = isMap(compute) ? compute['memory'] : undefined;
    const isText = typeof memory === 'string' && /^\s*[\d.]+\s*$/.test(memory);
    const amount = isText || typeof memory === 'number' ? Number(memory) : 0;
    if (!(amount > 0) || amount >= littleMiB) continue;
    report.warning('little-memory', [...step.path, 'compute', 'memory'], `\`${memory}\` is ${amount} MiB.`, {
      hint: `Write the unit: "${amount} Gb", or "${amount} Mb" if that is meant.`,
    });
  }
};
