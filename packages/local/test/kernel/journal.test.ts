import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/kernel/journal-file.js';

describe('openJournal', () => {
  let directory: string;
  const file = () => join(directory, 'journal.jsonl');
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bclaw-journal-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('gives back what was recorded before it was closed', async () => {
    const first = await openJournal(directory);
    first.table<{ n: number }>('numbers').set('one', { n: 1 });
    first.table<{ n: number }>('numbers').set('two', { n: 2 });
    first.table('numbers').delete('one');
    first.lists<string>('events').append('x', 'a');
    first.lists<string>('events').append('x', 'b');
    first.lists<string>('events').append('y', 'c');
    first.lists('events').delete('y');
    await first.close();

    const second = await openJournal(directory);
    expect([...second.table('numbers').entries()]).toEqual([['two', { n: 2 }]]);
    expect(second.lists('events').read('x')).toEqual(['a', 'b']);
    expect(second.lists('events').read('y')).toEqual([]);
    await second.close();
  });

  it('finds the tables and lists of an earlier engine, which named some of them with a dot', async () => {
    const earlier = await openJournal(directory);
    earlier.table('batch.jobs').set('kept', 1);
    earlier.table('batch.jobs').set('deleted', 2);
    earlier.table('batch.jobs').delete('deleted');
    earlier.table('states.mapRuns').set('run', 3);
    earlier.lists('states.history').append('x', 'a');
    earlier.table('sqs/queues').set('q', 4);
    await earlier.close();

    const now = await openJournal(directory);
    expect([...now.table('batch/jobs').entries()]).toEqual([['kept', 1]]);
    now.table('batch/jobs').delete('kept');
    now.lists('states/history').append('x', 'b');
    await now.close();

    const later = await openJournal(directory);
    expect([...later.table('batch/jobs').entries()]).toEqual([]);
    expect([...later.table('states/map-runs').entries()]).toEqual([['run', 3]]);
    expect(later.lists('states/history').read('x')).toEqual(['a', 'b']);
    expect([...later.table('sqs/queues').entries()]).toEqual([['q', 4]]);
    await later.close();
  });

  it('has written everything when flush resolves, without being closed', async () => {
    const journal = await openJournal(directory);
    journal.table('t').set('k', 'kept');
    await journal.flush();
    expect(readFileSync(file(), 'utf8')).toContain('kept');
    await journal.close();
  });

  it('writes a turn of the event loop as one line without being asked', async () => {
    const journal = await openJournal(directory);
    journal.table('t').set('a', 1);
    journal.table('t').set('b', 2);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(readFileSync(file(), 'utf8').trimEnd().split('\n')).toHaveLength(1);
    await journal.close();
  });

  it('keeps the record as it was when it was set', async () => {
    const journal = await openJournal(directory);
    const record = { state: 'before' };
    journal.table('t').set('k', record);
    record.state = 'after';
    await journal.close();
    const reopened = await openJournal(directory);
    expect(reopened.table('t').get('k')).toEqual({ state: 'before' });
    await reopened.close();
  });

  it('drops a torn last line as a whole and goes on', async () => {
    const journal = await openJournal(directory);
    journal.table('t').set('whole', 1);
    await journal.close();
    appendFileSync(file(), '[["set","t","torn-a",1],["set","t","torn-b",');
    const reopened = await openJournal(directory);
    expect([...reopened.table('t').entries()]).toEqual([['whole', 1]]);
    reopened.table('t').set('later', 2);
    await reopened.close();
    const again = await openJournal(directory);
    expect([...again.table('t').entries()]).toEqual([
      ['whole', 1],
      ['later', 2],
    ]);
    await again.close();
  });

  it('refuses a file that is damaged before its end, naming the line', async () => {
    writeFileSync(file(), '[["set","t","k",1]]\nnot json\n[["set","t","l",2]]\n');
    await expect(openJournal(directory)).rejects.toThrow(/journal\.jsonl:2: .*damaged/);
    // The hint in the message works.
    writeFileSync(file(), '[["set","t","k",1]]\n');
    const journal = await openJournal(directory);
    expect(journal.table('t').get('k')).toBe(1);
    await journal.close();
  });

  it('compacts the file when it is opened', async () => {
    const journal = await openJournal(directory);
    for (let n = 0; n < 1000; n += 1) journal.table('t').set('counter', { n });
    await journal.close();
    const before = statSync(file()).size;
    const reopened = await openJournal(directory);
    expect(reopened.table('t').get('counter')).toEqual({ n: 999 });
    expect(statSync(file()).size).toBeLessThan(before / 100);
    await reopened.close();
  });

  it('reads back text of every kind, and records larger than a chunk', async () => {
    const text = `${'ä€😀"\\\n'.repeat(400_000)}\u2028`;
    const journal = await openJournal(directory);
    journal.table('t').set('big', { text });
    journal.table('t').set('__proto__', { text: 'own key' });
    await journal.close();
    const reopened = await openJournal(directory);
    expect(reopened.table('t').get('big')).toEqual({ text });
    expect(reopened.table('t').get('__proto__')).toEqual({ text: 'own key' });
    await reopened.close();
  });

  it('refuses records after it was closed', async () => {
    const journal = await openJournal(directory);
    await journal.close();
    expect(() => journal.table('t').set('k', 1)).toThrow(/closed/);
  });

  describe('of a small file', () => {
    async function written(): Promise<Buffer> {
      const journal = await openJournal(directory);
      for (const [key, record] of Object.entries({ a: { n: 1 }, b: 'ä', c: [1, 2] })) {
        journal.table('t').set(key, record);
        await journal.flush();
      }
      await journal.close();
      return readFileSync(file());
    }
    const read = async () => {
      const journal = await openJournal(directory);
      const entries = [...journal.table('t').entries()];
      await journal.close();
      return entries;
    };

    it('notices every byte that was changed, in its line, and changes nothing then', async () => {
      const whole = await written();
      const lineOf = (at: number) => whole.subarray(0, at).toString('latin1').split('\n').length;
      for (const flip of [0x01, 0x20, 0x80])
        for (let at = 0; at < whole.length; at += 1) {
          const damaged = Buffer.from(whole);
          damaged[at] = (whole[at] ?? 0) ^ flip;
          writeFileSync(file(), damaged);
          await expect(openJournal(directory), `byte ${at}`).rejects.toThrow(
            `journal.jsonl:${lineOf(at)}: this record`,
          );
          expect(readFileSync(file()).equals(damaged)).toBe(true);
        }
    });

    it('drops a record that a crash tore, wherever it did', async () => {
      const whole = await written();
      const before = whole.subarray(0, whole.length - 1).lastIndexOf(0x0a) + 1;
      for (let end = before; end < whole.length - 1; end += 1) {
        writeFileSync(file(), whole.subarray(0, end));
        expect(await read()).toHaveLength(2);
      }
      writeFileSync(file(), whole.subarray(0, whole.length - 1));
      expect(await read()).toHaveLength(3);
    });

    it('notices a line that is missing, and one that stands elsewhere', async () => {
      const [first = '', second = '', third = ''] = (await written()).toString('utf8').split('\n');
      for (const lines of [
        [second, third],
        [first, third],
        [second, first, third],
        [first, first, second, third],
      ]) {
        writeFileSync(file(), `${lines.join('\n')}\n`);
        await expect(openJournal(directory)).rejects.toThrow('is damaged');
      }
    });

    it('is read up to the damage when that is wished, and set aside', async () => {
      const whole = await written();
      const damaged = Buffer.from(whole);
      damaged[whole.length - 3] = 0;
      writeFileSync(file(), damaged);
      const journal = await openJournal(directory, { recover: true });
      expect([...journal.table('t').entries()]).toHaveLength(2);
      expect(journal.whole).toBe(false);
      await journal.close();
      const [aside = ''] = readdirSync(directory).filter((name) => name.includes('.damaged-'));
      expect(readFileSync(join(directory, aside)).equals(damaged)).toBe(true);
      expect(await read()).toHaveLength(2);
    });

    it('without checksums is read as before they were', async () => {
      writeFileSync(file(), '[["set","t","a",1]]\n[["set","t","b",2]]\n[["set","t');
      expect(await read()).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
      writeFileSync(file(), '[["set","t","a",1]]\n[["set",\n[["set","t","b",2]]\n');
      await expect(openJournal(directory)).rejects.toThrow('journal.jsonl:2');
    });

    it('that waits for the disk is read as any other', async () => {
      const journal = await openJournal(directory, { durable: true });
      journal.table('t').set('k', 1);
      await journal.flush();
      await journal.close();
      expect(await read()).toEqual([['k', 1]]);
      expect(statSync(file()).mode & 0o777).toBe(0o600);
    });
  });
});
