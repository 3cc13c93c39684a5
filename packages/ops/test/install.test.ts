import { describe, expect, it } from 'vitest';
import { ensureBucket, type InstallProgress, install, readCore, uninstall } from '../src/index.js';
import { installOptions, useEngine } from './engine.js';

const engine = useEngine({ core: false });

describe('install', () => {
  it('says so where nothing is installed', async () => {
    await expect(readCore(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
    await expect(uninstall(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
  });

  it('makes the code bucket, uploads the bundles and creates the core stack; again, it changes nothing', async () => {
    const progress: InstallProgress[] = [];
    const first = await install(engine.clients, { ...installOptions, onProgress: (step) => progress.push(step) });
    expect(first.outcome).toBe('created');
    expect(progress.filter(({ kind }) => kind === 'bundle')).toHaveLength(3);
    expect(progress.find(({ kind }) => kind === 'bucket')).toMatchObject({ outcome: 'created' });
    expect(progress.some(({ kind }) => kind === 'event')).toBe(true);

    const again: InstallProgress[] = [];
    const second = await install(engine.clients, { ...installOptions, onProgress: (step) => again.push(step) });
    expect(second.outcome).toBe('unchanged');
    expect(again.every((step) => step.kind !== 'event' && step.outcome === 'present')).toBe(true);
    expect(second.core.environment).toEqual(first.core.environment);
  });

  it('leaves the buckets when it is taken away', async () => {
    const { environment, codeBucket } = await readCore(engine.clients);
    await uninstall(engine.clients);
    await expect(readCore(engine.clients)).rejects.toMatchObject({ code: 'not-installed' });
    expect(await ensureBucket(engine.clients, codeBucket)).toBe('present');
    expect(await ensureBucket(engine.clients, environment.launcherBucket)).toBe('present');
  });
});
