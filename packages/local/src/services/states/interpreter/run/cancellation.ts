import { setMaxListeners } from 'node:events';

/** An abort controller without a limit on listeners: a thousand branches may wait for one signal. */
export function newController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** An abort controller whose signal also follows another signal; `release` stops following it. */
export function childController(parent: AbortSignal): { readonly controller: AbortController; release(): void } {
  const controller = newController();
  const follow = () => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return { controller, release: () => parent.removeEventListener('abort', follow) };
}
