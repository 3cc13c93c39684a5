import type { Clients } from '../../src/index.js';

/** A call to AWS at which a program is cut off, as if it were killed or its connection broke. */
export interface CutOff {
  /** Counts from 0, over all services. */
  readonly call: number;
  /** `before` it takes effect, or `after`: then AWS has done it and nobody knows. */
  readonly when: 'before' | 'after';
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What happens around each call of a set of clients. */
export type Around = <T>(call: number, next: () => Promise<T>) => Promise<T>;

/** Puts something around each call of these clients; they must not be used otherwise. */
export function surround<T extends Partial<Clients>>(clients: T, around: Around): T {
  let calls = 0;
  const surrounded =
    <Args, Result>(next: (args: Args) => Promise<Result>) =>
    (args: Args): Promise<Result> =>
      around(calls++, () => next(args));
  const at = { step: 'initialize', name: 'around' } as const;
  clients.batch?.middlewareStack.add(surrounded, at);
  clients.cloudFormation?.middlewareStack.add(surrounded, at);
  clients.lambda?.middlewareStack.add(surrounded, at);
  clients.s3?.middlewareStack.add(surrounded, at);
  clients.sfn?.middlewareStack.add(surrounded, at);
  clients.sqs?.middlewareStack.add(surrounded, at);
  clients.sts?.middlewareStack.add(surrounded, at);
  return clients;
}

/** Cuts off at a call: it, and every call after it, throws {@link Killed}. */
export function cutOff({ call: last, when }: CutOff): Around {
  return async (call, next) => {
    if (call > last || (call === last && when === 'before')) throw new Killed('killed');
    const answer = await next();
    if (call === last) throw new Killed('killed');
    return answer;
  };
}

/** Stops before a call until it is told to go on: a program that is slow. */
export function gate(at: number): { readonly around: Around; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    around: async (call, next) => {
      if (call === at) await opened;
      return await next();
    },
    open,
  };
}

/** Asks again as long as nobody answers because the engine was killed and is coming back. */
export function patiently(engine: { readonly kills: number; readonly ready: Promise<void> }): Around {
  return async (_call, next) => {
    for (;;) {
      const kills = engine.kills;
      try {
        await engine.ready;
        return await next();
      } catch (error) {
        if (!isUnreachable(error) || (kills === engine.kills && kills === 0)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code));
