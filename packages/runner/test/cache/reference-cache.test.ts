import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferenceCache } from '../../src/cache/reference-cache.js';
import { createLog, createS3ObjectStore, type ObjectStore } from '../../src/index.js';
import { type JobOutcome, JobWorld } from '../job-world.js';
import { outcomeOf, startProgram } from '../program.js';

/** A store that counts how often objects are opened. */
function counting(store: ObjectStore): ObjectStore & { readonly opened: () => number } {
  let opened = 0;
  return {
    ...store,
    open: (...call) => {
      opened += 1;
      return store.open(...call);
    },
    opened: () => opened,
  };
}

describe('ReferenceCache', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  const cacheOf = (scratchPath: string, store: ObjectStore) =>
    new ReferenceCache(
      scratchPath,
      { store, limit: pLimit(4), stop: new AbortController().signal },
      createLog(
        () => undefined,
        () => new Date(0),
      ),
    );

  /** Stages an object under a new name and returns that name. */
  async function staged(
    cache: ReferenceCache,
    key: string,
    how: 'link' | 'copy' = 'link',
  ): Promise<string | undefined> {
    const target = join(await mkdtemp(join(world.directory, 'staged-')), 'file');
    return (await cache.stage({ bucket: 'data', key }, target, how)) ? target : undefined;
  }

  it('fetches a file once, however many jobs of the host ask for it at the same time', async () => {
    const bytes = randomBytes(200_000);
    await world.put('ref/genome.fa', bytes);
    const store = counting(createS3ObjectStore(world.s3));
    const scratch = join(world.directory, 'once');
    // Each job has its own cache object, as each has its own process.
    const paths = await Promise.all(Array.from({ length: 50 }, () => staged(cacheOf(scratch, store), 'ref/genome.fa')));
    expect(new Set(paths.map((path) => statSync(path ?? '').ino)).size).toBe(1);
    expect(store.opened()).toBe(1);
    expect(await readFile(paths[0] ?? '')).toEqual(bytes);
    expect(readdirSync(join(scratch, 'references'))).toHaveLength(1);
  });

  it('fetches it anew when it was overwritten', async () => {
    const cache = cacheOf(join(world.directory, 'anew'), createS3ObjectStore(world.s3));
    await world.put('ref/index', 'old');
    const old = await staged(cache, 'ref/index');
    await world.put('ref/index', 'new');
    expect(await readFile((await staged(cache, 'ref/index')) ?? '', 'utf8')).toBe('new');
    expect(await readFile(old ?? '', 'utf8')).toBe('old');
  });

  it('says nothing is there when nothing is there', async () => {
    const cache = cacheOf(join(world.directory, 'none'), createS3ObjectStore(world.s3));
    expect(await staged(cache, 'ref/none')).toBeUndefined();
  });

  it('takes over from a downloader that was killed, and removes what it left', async () => {
    const scratch = join(world.directory, 'killed');
    const store = createS3ObjectStore(world.s3);
    await world.put('ref/killed', 'whole');
    await staged(cacheOf(scratch, store), 'ref/killed');
    // The same name in another scratch folder, with an incomplete download.
    const folder = join(world.directory, 'killed-2', 'references');
    await mkdir(folder, { recursive: true });
    const [name = ''] = readdirSync(join(scratch, 'references'));
    writeFileSync(join(folder, `${name}.part-1`), 'wh');
    writeFileSync(join(folder, `${name}.lock`), 'somebody');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder, `${name}.lock`), longAgo, longAgo);
    const path = await staged(cacheOf(join(world.directory, 'killed-2'), store), 'ref/killed');
    expect(await readFile(path ?? '', 'utf8')).toBe('whole');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('fetches it anew for the next job when a command has written to it', async () => {
    const scratch = join(world.directory, 'spoiled');
    const store = counting(createS3ObjectStore(world.s3));
    await world.put('ref/spoiled', 'clean');
    const first = (await staged(cacheOf(scratch, store), 'ref/spoiled')) ?? '';
    chmodSync(first, 0o644);
    appendFileSync(first, ' no more');
    expect(await readFile((await staged(cacheOf(scratch, store), 'ref/spoiled')) ?? '', 'utf8')).toBe('clean');
    expect(store.opened()).toBe(2);
  });

  it.each([
    ['link', 2],
    ['copy', 1],
  ] as const)('gives a job a %s of the file, read-only, and survives it', async (how, links) => {
    const scratch = join(world.directory, how);
    await world.put('ref/given', 'r');
    const path = (await staged(cacheOf(scratch, createS3ObjectStore(world.s3)), 'ref/given', how)) ?? '';
    expect(statSync(path)).toMatchObject({ nlink: links, mode: 0o100444 });
    const [name = ''] = readdirSync(join(scratch, 'references'));
    rmSync(path);
    expect(await readFile(join(scratch, 'references', name), 'utf8')).toBe('r');
  });

  /** The changes that a job may attempt on a reference, by accident or not. */
  const attacks = [
    'chmod -R a+rwX .; echo BAD >> ${ref}',
    'chmod u+w ${ref}; echo BAD > ${ref}; touch -d 2000-01-01T00:00:00Z ${ref}',
    'ln ${ref} hard; chmod 666 hard; echo BAD > hard',
    'ln -s ${ref} soft; chmod 666 soft; echo BAD > soft',
    'chmod u+w ${ref}; dd if=/dev/zero of=${ref} bs=1 count=3 conv=notrunc 2>/dev/null',
    'cp -l ${ref} linked; chmod 666 linked; echo BAD > linked',
    'mv ${ref} moved; chmod 666 moved; echo BAD >> moved',
    'rm -f ${ref}; echo BAD > ${ref}',
  ];
  const attack = (command: string) => ({
    step: { references: { ref: 's3://data/ref/shared.fa' }, commands: [`{ ${command}; } || true`] },
  });
  const isWhatItWas = ({ exitCode, user, own }: Pick<JobOutcome, 'exitCode' | 'own' | 'user'>) => {
    expect(exitCode).toBe(0);
    expect(user.at(-1)).toBe('GOOD');
    expect(own.map(({ message }) => message)).not.toContain('Fetched a reference into the cache.');
  };

  it.each(attacks)('is what it was for the next job, after one that did `%s`', async (command) => {
    await world.put('ref/shared.fa', 'GOOD\n');
    await world.run(attack('true'));
    await world.run(attack(command));
    isWhatItWas(await world.run(attack('cat ${ref}')));
  });

  it.runIf(process.getuid?.() === 0)('is what it was for the next job of a runner that is not root', async () => {
    const nobody = { uid: 65534, gid: 65534 };
    const scratch = mkdtempSync(join(tmpdir(), 'bclaw-shared-'));
    chownSync(scratch, nobody.uid, nobody.gid);
    const run = (command: string) =>
      outcomeOf(startProgram(world, attack(command), { BC_SCRATCH_PATH: scratch }, nobody));
    await run(attacks.join('; '));
    isWhatItWas(await run('cat ${ref}'));
    expect(readdirSync(join(scratch, 'jobs'))).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  it('fails the job when a reference is missing', async () => {
    const { exitCode, own } = await world.run({ step: { references: { ref: 's3://data/ref/no' } } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'missing-reference' });
  });
});
