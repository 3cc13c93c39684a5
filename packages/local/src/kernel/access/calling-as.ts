import type { EngineContext } from '../service.js';
import type { Caller } from './caller.js';

/** The engine for work on behalf of a caller: all calls need the caller's permissions; without one, for its own. */
export function callingAs(context: EngineContext, caller: Caller | undefined): EngineContext {
  if (caller === undefined) return context;
  const own: Pick<EngineContext, 'call'> = {
    call: (service, operation, input) => context.call(service, operation, input, caller),
  };
  return Object.assign(Object.create(context), own);
}
