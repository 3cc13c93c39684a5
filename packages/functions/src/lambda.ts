/* The Lambda bundle: one exported handler for each function. */
import { type Handler, onDemand } from './on-demand.js';

// The functions share a bundle, but each loads only its own code when it starts: a scatter's parsers for YAML and CSV,
// or a chooser's regular expressions, would cost every function a tenth of a second.

/** Handler of the function `initialize`. */
export const initialize = onDemand(async () => (await import('./handlers/initialize.js')).default);

/** Handler of the function `scatter`. */
export const scatter = onDemand(async () => (await import('./handlers/scatter.js')).default);

/** Handler of the function `gather`. */
export const gather = onDemand(async () => (await import('./handlers/gather.js')).default);

/** Handler of the function `choose`. */
export const choose = onDemand(async () => (await import('./handlers/choose.js')).default);

/** Handler of the function `subpipeSubmit`. */
export const subpipeSubmit = onDemand(async () => (await import('./handlers/subpipe-submit.js')).default);

/** Handler of the function `subpipeRetrieve`. */
export const subpipeRetrieve = onDemand(async () => (await import('./handlers/subpipe-retrieve.js')).default);

/** Handler of the function `notify`. */
export const notify = onDemand(async () => (await import('./handlers/notify.js')).default);

const handlers: Readonly<Record<string, Handler<unknown>>> = {
  initialize,
  scatter,
  gather,
  choose,
  subpipeSubmit,
  subpipeRetrieve,
  notify,
};

// Lambda sets the handler of this environment, and gives more CPU to the initialization than to a call.
await handlers[process.env['_HANDLER']?.split('.').at(-1) ?? '']?.prepare();
