import { isPlainObject } from '../../wire/message.js';

/** The object in a JSON text; `undefined` if the text is not a JSON object. */
export function parseJsonText(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
