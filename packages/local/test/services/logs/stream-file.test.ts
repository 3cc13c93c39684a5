import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamFile } from '../../../src/services/logs/stream-file.js';

describe('StreamFile', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bclaw-stream-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const event = (timestamp: number, message: string) => ({ timestamp, ingestionTime: timestamp, message });

  it('cuts off a line that a dying process left half written', () => {
    const path = join(directory, 's');
    new StreamFile(path).append([event(1, 'whole')]);
    appendFileSync(path, '[2,2,"half');
    const reopened = new StreamFile(path);
    reopened.append([event(3, 'next')]);
    expect([...reopened.forward(0)].map(({ message }) => message)).toEqual(['whole', 'next']);
    expect(readFileSync(path, 'utf8')).not.toContain('half');
  });

  it('is empty before anything was written', () => {
    const file = new StreamFile(join(directory, 'none'));
    expect([...file.forward(0)]).toEqual([]);
    expect([...file.backward(100)]).toEqual([]);
    expect(file.extent()).toMatchObject({ bytes: 0, ordered: true, firstTimestamp: undefined });
  });

  it('gives the same events backward as forward, from any place, whatever their text and size', () => {
    let n = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('y'.repeat(300_000))), { maxLength: 6 }),
        fc.nat(6),
        (messages, cut) => {
          n += 1;
          const file = new StreamFile(join(directory, String(n)));
          file.append(messages.map((message, index) => event(index, message)));
          const forward = [...file.forward(0)];
          expect(forward.map(({ message }) => message)).toEqual(messages);
          expect([...file.backward(file.extent().bytes)].reverse()).toEqual(forward);
          const place = forward[Math.min(cut, forward.length - 1)];
          if (place === undefined) return;
          expect([...file.forward(place.offset)][0]).toEqual(place);
          expect([...file.backward(place.end)][0]).toEqual(place);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });
});
