import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from './job-world.js';

describe('an input that is a list', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    await Promise.all(['l1 x.fq', 'l*.fq', 'l2.fq'].map((name) => world.put(`repo/in/${name}`, `${name}\n`)));
  });
  afterAll(() => world.close());

  const run = async (files: unknown, { name = 'reads', commands = ['cat ${reads} > ${all}'] } = {}) =>
    await world.run({
      scatter: { rows: files },
      step: { inputs: { [name]: '${scatter.rows[*].file}' }, commands, outputs: { all: { file: 'all.txt' } } },
    });
  const rows = (...files: unknown[]) => files.map((file) => ({ file }));

  it('stages every file by its own name, and its name in commands is all of them, in order', async () => {
    const { exitCode } = await run(rows('in/l2.fq', 's3://data/repo/in/l1 x.fq', 'in/l*.fq'));
    expect(exitCode).toBe(0);
    expect(await world.text('repo/all.txt')).toBe('l2.fq\nl1 x.fq\nl*.fq\n');
  });

  it('fails, and is not retried, when one of the files is missing', async () => {
    const { exitCode, own } = await run(rows('in/l2.fq', 'in/l3.fq'));
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      message: expect.stringContaining('The input "reads" is missing: there is no s3://data/repo/in/l3.fq'),
    });
  });

  it('fails for an item that names no file', async () => {
    const messages = async (files: unknown) => String((await run(files)).own.at(-1)?.['message']);
    expect(await messages(rows('in/l2.fq', ''))).toContain('item 2 of the list `${scatter.rows[*].file}` is empty');
    expect(await messages([])).toContain('`${scatter.rows[*].file}` is an empty list');
    expect(await messages(rows('in/l2.fq', { a: 1 }))).toContain('whose item 2 is no file name: {"a":1}');
  });

  it('stages those that exist when it is optional; its name in commands is empty when none does', async () => {
    const optional = { name: 'reads?', commands: ['for f in ${reads}; do cat "$f"; done > ${all}'] };
    expect((await run(rows('in/l2.fq', '', 'in/l3.fq'), optional)).exitCode).toBe(0);
    expect(await world.text('repo/all.txt')).toBe('l2.fq\n');
    expect((await run([], optional)).exitCode).toBe(0);
    expect(await world.text('repo/all.txt')).toBe('');
  });
});
