import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError } from './worker-protocol.js';

export type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

/** An error of the runtime itself, with Lambda's error type. */
class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

/**
 * Finds the export that a function's `Handler` names: `folder/file.export`, in an ES module or CommonJS.
 *
 * @throws Error with Lambda's error name: `Runtime.ImportModuleError`, `Runtime.HandlerNotFound`, …
 */
export async function loadHandler(taskRoot: string, specification: string): Promise<Handler> {
  const match = /^(.*?[^/.]+)\.(.+)$/.exec(specification);
  const file = match?.[1];
  const path = match?.[2];
  if (file === undefined || path === undefined)
    throw new RuntimeError('MalformedHandlerName', `Bad handler: ${specification}`);
  let found: unknown = await loadModule(taskRoot, file);
  for (const name of path.split('.')) found = memberOf(found, name);
  if (typeof found !== 'function')
    throw new RuntimeError('HandlerNotFound', `${specification} is undefined or not exported`);
  return adapt(found);
}

async function loadModule(taskRoot: string, file: string): Promise<unknown> {
  const base = resolve(taskRoot, file);
  if (!base.startsWith(taskRoot + sep))
    throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${file}'`);
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const path = base + extension;
    if (!existsSync(path) || (extension === '' && !/\.[cm]?js$/.test(path))) continue;
    try {
      if (extension === '.cjs') return createRequire(join(taskRoot, 'index.cjs'))(path);
      return await import(pathToFileURL(path).href);
    } catch (error) {
      if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error));
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
        throw new RuntimeError('ImportModuleError', String(error));
      throw error;
    }
  }
  throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${file}'`);
}

/** An export of an ES module, or of the CommonJS module that it wraps. */
function memberOf(module: unknown, name: string): unknown {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return undefined;
  const own: unknown = Reflect.get(module, name);
  if (own !== undefined) return own;
  const wrapped: unknown = Reflect.get(module, 'default');
  return typeof wrapped === 'object' && wrapped !== null ? Reflect.get(wrapped, name) : undefined;
}

/** Handlers with a callback return their result through it; all others through their return value. */
function adapt(found: object): Handler {
  const call = (...args: unknown[]): unknown => (typeof found === 'function' ? found(...args) : undefined);
  if (!('length' in found) || typeof found.length !== 'number' || found.length < 3) return call;
  return (event, context) =>
    new Promise((resolvePromise, reject) => {
      const callback = (error: unknown, result: unknown) => (error ? reject(error) : resolvePromise(result));
      const returned = call(event, context, callback);
      if (returned instanceof Promise) returned.then(resolvePromise, reject);
    });
}

/** The thrown value in the shape of a function error. */
export function describeError(thrown: unknown): FunctionError {
  if (thrown instanceof Error)
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? String(thrown)).split('\n'),
    };
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
