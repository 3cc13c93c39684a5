import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../../src/kernel/journal-store.js';
import { describeEvent } from '../../../../src/services/states/history/describe-event.js';
import type { EventDetails } from '../../../../src/services/states/history/event-record.js';
import { type EventType, shapeOf } from '../../../../src/services/states/history/event-types.js';
import {
  type Cursor,
  type EventBatch,
  HistoryWriter,
  readHistory,
} from '../../../../src/services/states/history/history.js';

const types: EventType[] = [
  'PassStateEntered',
  'PassStateExited',
  'TaskScheduled',
  'TaskSucceeded',
  'TaskFailed',
  'MapIterationStarted',
  'ParallelStateSucceeded',
  'LambdaFunctionStarted',
];
const data = fc.constantFrom('{}', '{"a":1}', '"text"', '[1,2,3]');

const step = fc.record({
  type: fc.constantFrom(...types),
  data,
  wait: fc.nat(5_000),
  /** How many events back the chain goes on from: branches interleave. */
  back: fc.nat(3),
  commit: fc.boolean(),
});

const detailsOf = (type: EventType, text: string): EventDetails =>
  Object.fromEntries(
    shapeOf(type).fields.map((field) => [
      field,
      ['input', 'output', 'parameters'].includes(field)
        ? text
        : field === 'index' || field.endsWith('Seconds')
          ? 3
          : `the ${field}`,
    ]),
  );

describe('a history', () => {
  it('comes back from the journal as it was written, however its chains interleave', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const lists = memoryJournal().lists<EventBatch>('history');
        let now = 1_000;
        const writer = new HistoryWriter(lists, 'e', () => now, { count: 0, time: now });
        const cursors: Cursor[] = [
          writer.add({ id: 0, data: undefined }, 'ExecutionStarted', { input: '{"a":1}', roleArn: 'r' }),
        ];
        const expected: unknown[] = [
          {
            id: 1,
            type: 'ExecutionStarted',
            time: now,
            previousEventId: 0,
            details: { input: '{"a":1}', roleArn: 'r' },
          },
        ];
        for (const { type, data: text, wait, back, commit } of steps) {
          now += wait;
          const after = cursors.at(-1 - back) ?? { id: 0, data: '{"a":1}' };
          const details = detailsOf(type, text);
          const cursor = writer.add(after, type, details);
          expected.push({ id: cursor.id, type, time: now, previousEventId: after.id, details });
          cursors.push(cursor);
          if (commit) writer.commit();
        }
        writer.commit();
        const batches: EventBatch[] = JSON.parse(JSON.stringify(lists.read('e')));
        expect(readHistory(batches, 1_000)).toEqual(expected);
      }),
    );
  });

  it('writes data that a chain carries on only once', () => {
    const lists = memoryJournal().lists<EventBatch>('history');
    const writer = new HistoryWriter(lists, 'e', () => 0, { count: 0, time: 0 });
    const input = JSON.stringify({ long: 'x'.repeat(1_000) });
    const started: Cursor = { id: 0, data: input };
    const entered = writer.add(started, 'PassStateEntered', { name: 'A', input });
    writer.add(entered, 'PassStateExited', { name: 'A', output: input });
    writer.commit();
    expect(JSON.stringify(lists.read('e'))).toBe('[[[6,0,0,"A",0],[7,0,1,"A",0]]]');
  });

  it('drops what comes after its end', () => {
    const lists = memoryJournal().lists<EventBatch>('history');
    const writer = new HistoryWriter(lists, 'e', () => 0, { count: 0, time: 0 });
    writer.seal();
    writer.add({ id: 0, data: undefined }, 'TaskStateAborted');
    writer.commit();
    expect(lists.read('e')).toEqual([]);
  });

  it('never runs backwards when the clock does', () => {
    const lists = memoryJournal().lists<EventBatch>('history');
    let now = 100;
    const writer = new HistoryWriter(lists, 'e', () => now, { count: 0, time: 0 });
    const first = writer.add({ id: 0, data: undefined }, 'ExecutionStarted', { input: '{}' });
    now = 50;
    writer.add(first, 'ExecutionSucceeded', { output: '{}' });
    writer.commit();
    expect(readHistory(lists.read('e'), 0).map(({ time }) => time)).toEqual([100, 100]);
  });
});

describe('an event of the API', () => {
  const event = {
    id: 4,
    type: 'TaskStateExited' as const,
    time: 0,
    previousEventId: 3,
    details: { name: 'A', output: '{}', assignedVariables: { x: '1' } },
  };

  it('has the details in the member of its type', () => {
    expect(describeEvent(event, true)).toEqual({
      id: 4,
      type: 'TaskStateExited',
      timestamp: new Date(0),
      previousEventId: 3,
      stateExitedEventDetails: {
        name: 'A',
        output: '{}',
        outputDetails: { truncated: false },
        assignedVariables: { x: '1' },
        assignedVariablesDetails: { truncated: false },
      },
    });
  });

  it('leaves out data when asked to', () => {
    expect(describeEvent(event, false)).toMatchObject({ stateExitedEventDetails: { name: 'A' } });
    expect(JSON.stringify(describeEvent(event, false))).not.toContain('output');
  });
});
