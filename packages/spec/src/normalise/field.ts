import type { TemplatePath } from '../diagnostics.js';

/** The place of a field: the path of its map, and its key. Its own path is only needed for reports. */
export interface Field {
  readonly of: TemplatePath;
  readonly key: string;
}

export function pathOf({ of, key }: Field): TemplatePath {
  return [...of, key];
}
