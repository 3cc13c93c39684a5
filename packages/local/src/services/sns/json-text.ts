import { isPlainObject } from '../../wire/message.js';

/** The object that a text holds as JSON; `undefined` when it holds none. */
export function parseJsonText(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
