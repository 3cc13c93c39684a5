import { isPlainObject } from '../../wire/message.js';

/** Reads one path from an event; `undefined` if the path does not exist. */
export type EventPath = (event: unknown) => unknown;

const step = /^(?:\.([^.[\]]+)|\[(\d+)\]|\[\*\]|\['([^']*)'\])/;

/**
 * Compiles a path in EventBridge's syntax: `$`, `$.detail.bucket-name`, `$.resources[0]`, `$.items[*].id`.
 *
 * @returns undefined for any other text
 */
export function compileEventPath(path: string): EventPath | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: ((value: unknown) => unknown)[] = [];
  let rest = path.slice(1);
  while (rest !== '') {
    const match = step.exec(rest);
    if (match === null) return undefined;
    const [whole, dotted, index, quoted] = match;
    const name = dotted ?? quoted;
    if (whole === '[*]' || name === '*') return compileEach(steps, rest.slice(whole.length));
    steps.push((value) => memberOf(value, name ?? Number(index)));
    rest = rest.slice(whole.length);
  }
  return (event) => steps.reduce((value, read) => read(value), event);
}

/** After a wildcard: applies the rest of the path to every element. */
function compileEach(steps: readonly ((value: unknown) => unknown)[], rest: string): EventPath | undefined {
  const inner = compileEventPath(`$${rest}`);
  if (inner === undefined) return undefined;
  return (event) => {
    const value = steps.reduce((outer, read) => read(outer), event);
    const elements = Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : [];
    return elements.map(inner).filter((element) => element !== undefined);
  };
}

function memberOf(value: unknown, key: string | number): unknown {
  if (typeof key === 'number') return Array.isArray(value) ? value[key] : undefined;
  return isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
