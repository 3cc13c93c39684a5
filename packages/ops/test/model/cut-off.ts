import type { Clients } from '../../src/index.js';

/** A call to AWS at which a program is cut off, as if it were killed or its connection broke. */
export interface CutOff {
  /** True when only calls that change something count: most other calls only read. */
  readonly among: 'calls' | 'changes';
  /** Counts from 0, over all services. */
  readonly number: number;
  /** `before` it takes effect, or `after`: then AWS has done it and the caller does not know. */
  readonly when: 'before' | 'after';
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A call, by its number among all calls, and among the changing ones if it is one of them. */
export interface Call {
  /** `GetAlias`, … */
  readonly operation: string;
  readonly calls: number;
  readonly changes?: number;
}

/** The wrapper around each call of a set of clients. */
export type Around = <T>(call: Call, next: () => Promise<T>) => Promise<T>;

const onlyAsks = /^(Get|Describe|List|Head|Filter)/;

/** Wraps each call of these clients; they must not be used otherwise. */
export function surround<T extends Partial<Clients>>(clients: T, around: Around): T {
  let calls = 0;
  let changes = 0;
  const numbered = (command: string): Call => ({
    operation: command.replace(/Command$/, ''),
    calls: calls++,
    ...(onlyAsks.test(command) ? {} : { changes: changes++ }),
  });
  const surrounded =
    <Args, Result>(next: (args: Args) => Promise<Result>, { commandName = '' }: { readonly commandName?: string }) =>
    (args: Args): Promise<Result> =>
      around(numbered(commandName), () => next(args));
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

/** Cuts off at a call: this call and every later one throw {@link Killed}. */
export function cutOff({ among, number, when }: CutOff): Around {
  let over = false;
  return async (call, next) => {
    if (over) throw new Killed('killed');
    const isLast = call[among] === number;
    over = isLast;
    if (isLast && when === 'before') throw new Killed('killed');
    const answer = await next();
    if (isLast) throw new Killed('killed');
    return answer;
  };
}

/** Pauses before a call until it is resumed: a slow program. */
export function gate(at: number): { readonly around: Around; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    around: async ({ calls }, next) => {
      if (calls === at) await opened;
      return await next();
    },
    open,
  };
}

/** Number of failed retries, 50 ms apart, after which the engine is considered to have ended on its own. */
const inVain = 1_200;

/** Retries as long as there is no response because the engine was killed and is restarting. */
export function patiently(engine: { readonly kills: number; readonly ready: Promise<void> }): Around {
  return async (_call, next) => {
    for (let asked = 0; ; asked += 1) {
      try {
        await engine.ready;
        return await next();
      } catch (error) {
        if (!isUnreachable(error) || engine.kills === 0 || asked > inVain) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code));
