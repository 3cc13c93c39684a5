import type { TemplatePath } from '../diagnostics.js';

/** What a step is by its place in its block. */
export interface StepPosition {
  readonly name: string;
  readonly path: TemplatePath;
  readonly next?: string;
}
