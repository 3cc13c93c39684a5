import { describe, expect, it } from 'vitest';
import { idleSinceOf } from '../../src/executors/orphans.js';

const never = '0001-01-01T00:00:00Z';
const created = '2026-11-24T05:00:00Z';
const finished = '2026-11-24T05:10:00Z';

describe('a container that may have lost its runner', () => {
  it('has been idle since it was made, or since it ended', () => {
    expect(idleSinceOf({ State: { Status: 'created', FinishedAt: never }, Created: created })).toBe(
      Date.parse(created),
    );
    expect(idleSinceOf({ State: { Status: 'exited', FinishedAt: finished }, Created: created })).toBe(
      Date.parse(finished),
    );
  });

  it.each(['running', 'paused', 'restarting', 'removing', 'dead', 'initialized'])(
    'is not idle while it is %s, whatever it was when it was listed',
    (status) => {
      expect(idleSinceOf({ State: { Status: status, FinishedAt: never }, Created: created })).toBeUndefined();
    },
  );
});
