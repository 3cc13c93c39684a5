import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import {
  deploy,
  ensureBucket,
  type InstallProgress,
  install,
  readCore,
  readText,
  submit,
  uninstall,
  watchJobs,
} from '../../src/index.js';
import { installOptions, template, useEngine } from '../engine.js';

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

  it('takes over the launcher bucket that an earlier installation has left, with what is in it', async () => {
    const { environment } = await readFreshCore();
    await uploadText(environment.launcherBucket, 'my-workflow/kept.json');
    await uninstall(engine.clients);
    const { outcome, core } = await install(engine.clients, installOptions);
    expect(outcome).toBe('created');
    expect(core.environment.launcherBucket).toBe(environment.launcherBucket);
    const kept = await readText(engine.clients, { bucket: environment.launcherBucket, key: 'my-workflow/kept.json' });
    expect(kept).toBe('{}');
    expect((await install(engine.clients, installOptions)).outcome).toBe('unchanged');
    // It belongs to the stack again: deployed workflows work with it.
    await deploy(engine.clients, { workflow: 'again', template: template('echo') });
    const jobs = await submit(engine.clients, { workflow: 'again', files: [{ name: 'a.json', body: '{"id": "a"}' }] });
    const executionNames = jobs.map(({ executionName }) => executionName);
    expect(await watchJobs(engine.clients, { workflow: 'again', executionNames })).toHaveLength(1);
  });

  async function readFreshCore() {
    return (await install(engine.clients, installOptions)).core;
  }

  const uploadText = (Bucket: string, Key: string) =>
    engine.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
});
