export type { Diagnostic, Severity, SourcePosition, SourceRange, TemplatePath } from './diagnostics.js';
export { BclawError } from './errors.js';
export type * from './model.js';
export type * from './payload.js';
export { jobParameterNames } from './payload.js';
