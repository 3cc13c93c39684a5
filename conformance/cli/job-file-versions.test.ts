import { describe, expect, it } from 'vitest';
import { file } from '../../packages/cli/test/bclaw.js';
import { engineFolder, oneStep } from '../../packages/cli/test/engine.js';
import { signed } from '../../packages/local/test/signed.js';

const { folder, run } = engineFolder();

describe('a job file that is replaced or deleted before its execution starts', () => {
  it('is read as it was when it was submitted', async () => {
    const { url } = JSON.parse((await run('local', 'status', '--json')).stdout);
    const template = file(folder, 'versions.yaml', oneStep({ commands: 'echo ${job.text} > out.txt' }));
    const deployed = await run('deploy', template, '--name', 'versions');
    expect(deployed.code, deployed.stderr).toBe(0);

    const jobs = `${url}/bayerclaw2-launcher-123456789012/versions`;
    const put = (name: string, job: object) =>
      fetch(`${jobs}/${name}`, { method: 'PUT', headers: signed('s3'), body: JSON.stringify(job) });
    const concurrency = `${url}/2017-10-31/functions/versions-launcher/concurrency`;
    // No job is launched: the messages of a function without concurrency wait.
    const held = await fetch(concurrency, {
      method: 'PUT',
      headers: signed('lambda'),
      body: '{"ReservedConcurrentExecutions":0}',
    });
    expect(held.status).toBe(200);
    await put('replaced.json', { id: 'replaced-1', text: 'first' });
    await put('replaced.json', { id: 'replaced-2', text: 'second' });
    await put('deleted.json', { id: 'deleted', text: 'gone' });
    expect((await fetch(`${jobs}/deleted.json`, { method: 'DELETE', headers: signed('s3') })).status).toBe(204);
    expect((await fetch(`${jobs}/deleted.json`, { headers: signed('s3') })).status).toBe(404);
    const waiting = async () => JSON.parse((await run('destroy', 'versions', '--dry-run', '--json')).stdout).waiting;
    await expect.poll(waiting, { timeout: 20_000 }).toBe(3);
    expect((await fetch(concurrency, { method: 'DELETE', headers: signed('lambda') })).status).toBe(204);

    const out = async (id: string) => {
      const answer = await fetch(`${url}/cli-test-data/${id}/out.txt`, { headers: signed('s3') });
      return answer.ok ? await answer.text() : undefined;
    };
    for (const [id, text] of [
      ['replaced-1', 'first\n'],
      ['replaced-2', 'second\n'],
      ['deleted', 'gone\n'],
    ] as const)
      await expect.poll(() => out(id), { timeout: 30_000 }).toBe(text);
    const statuses = async () =>
      JSON.parse((await run('executions', 'versions', '--json')).stdout).map(
        ({ status }: { status: string }) => status,
      );
    await expect.poll(statuses, { timeout: 30_000 }).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  }, 90_000);
});
