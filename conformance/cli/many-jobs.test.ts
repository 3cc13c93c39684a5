import { describe, expect, it } from 'vitest';
import { file } from '../../packages/cli/test/bclaw.js';
import { engineFolder, oneStep } from '../../packages/cli/test/engine.js';
import { signed } from '../../packages/local/test/signed.js';

const { folder, run } = engineFolder();

describe('200 jobs submitted at once', () => {
  it('all finish, each exactly once', async () => {
    const { url } = JSON.parse((await run('local', 'status', '--json')).stdout);
    await fetch(`${url}/cli-test-data`, { method: 'PUT', headers: signed('s3') });
    const template = file(folder, 'many.yaml', oneStep({ commands: 'echo done > out.txt' }));
    expect((await run('deploy', template, '--name', 'many')).code).toBe(0);
    const jobs = Array.from({ length: 200 }, (_, index) =>
      file(folder, `job-${index}.json`, JSON.stringify({ id: `sample-${index}` })),
    );
    const submitted = await run('submit', 'many', ...jobs, '--watch', '--json');
    expect(submitted.code, submitted.stderr).toBe(0);
    const listed = JSON.parse((await run('executions', 'many', '--limit', '500', '--json')).stdout);
    expect(listed).toHaveLength(200);
    expect(new Set(listed.map((execution: { name: string }) => execution.name)).size).toBe(200);
    expect(new Set(listed.map((execution: { status: string }) => execution.status))).toEqual(new Set(['SUCCEEDED']));
  }, 240_000);
});
