import type { TemplatePath } from '../diagnostics.js';

/** Where a field is: the path of the map that it belongs to, and its key. Its own path is of use for reports only. */
export interface Field {
  readonly of: TemplatePath;
  readonly key: string;
}

export function pathOf({ of, key }: Field): TemplatePath {
  return [...of, key];
}
