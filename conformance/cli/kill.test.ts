import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file } from '../../packages/cli/test/bclaw.js';
import { engineFolder, oneStep } from '../../packages/cli/test/engine.js';
import { signed } from '../../packages/local/test/signed.js';

const { folder, run } = engineFolder();

const engine = (): { pid: number; url: string } =>
  JSON.parse(readFileSync(join(folder, '.bclaw', 'engine.json'), 'utf8'));

/** The processes that a process has started, and those that they have started. */
function childrenOf(pid: number): number[] {
  try {
    const own = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return own.flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    return []; // It has ended.
  }
}

/** A zombie has ended. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const list = async (): Promise<{ name: string; status: string }[]> =>
  JSON.parse((await run('executions', 'killed', '--limit', '500', '--json')).stdout);

describe('an engine that is killed in the middle of its jobs', () => {
  it('comes back with everything it had, finishes the jobs, and claims nothing that did not happen', async () => {
    const steps = oneStep({
      commands: 'sleep 1; echo "$BC_EXECUTION_ID" > out.txt',
      more: `  - second:
      image: public.ecr.aws/docker/library/debian:12.11-slim
      commands: cat \${out} \${out} > \${twice}
      outputs: {twice: twice.txt}
`,
    }).replace('attempts: 0', 'attempts: 3');
    await fetch(`${engine().url}/cli-test-data`, { method: 'PUT', headers: signed('s3') });
    expect((await run('deploy', file(folder, 'killed.yaml', steps), '--name', 'killed')).code).toBe(0);
    const jobs = Array.from({ length: 6 }, (_, index) =>
      file(folder, `k${index}.json`, JSON.stringify({ id: `k${index}` })),
    );
    expect((await run('submit', 'killed', ...jobs)).code).toBe(0);
    const deadline = Date.now() + 60_000;
    while ((await list()).filter(({ status }) => status === 'SUCCEEDED').length === 0 && Date.now() < deadline);
    const runners = childrenOf(engine().pid);
    expect(runners.length).toBeGreaterThan(0);
    process.kill(engine().pid, 'SIGKILL');

    const restarted = await run('local', 'start', '--detach', '--port', '0');
    expect(restarted.code, restarted.stderr).toBe(0);
    // The runners of the killed engine end with it, or at the next start; their jobs are run again by others.
    await expect.poll(() => runners.filter((pid) => childrenOf(pid).length > 0 || isAlive(pid))).toEqual([]);
    while ((await list()).some(({ status }) => status === 'RUNNING') && Date.now() < deadline);

    const ended = await list();
    expect(ended).toHaveLength(6);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    for (const { name } of ended) {
      // Each output is complete and belongs to its own execution.
      const id = name.slice(0, name.lastIndexOf('_'));
      const object = await fetch(`${engine().url}/cli-test-data/${id}/twice.txt`, { headers: signed('s3') });
      expect(await object.text()).toBe(`${name}\n${name}\n`);
    }
  }, 180_000);
});
