export { type CoreTemplateOptions, coreTemplate } from './core/core-template.js';
export { type MacroResponse, parseMacroEvent } from './event.js';
export { createMacro, type Macro, type MacroLogEntry, type MacroOptions } from './macro.js';
export { queueTemplate } from './stand-alone/queue-template.js';
export { taskRoleTemplate } from './stand-alone/task-role-template.js';
