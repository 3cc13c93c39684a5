import { duplicateStep } from './duplicate-step.js';
import type { Rule } from './rule.js';
import { unknownNext } from './unknown-next.js';

/** Every rule. A new one is a file beside this one, a line here and an entry in docs/diagnostics.md. */
export const rules: readonly Rule[] = [duplicateStep, unknownNext];
