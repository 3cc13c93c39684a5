export type { Sha256 } from './canonical.js';
export { compilerDiagnosticCodes } from './checks/diagnostic.js';
export { type Limit, limits } from './checks/limits.js';
export type {
  Base64,
  DeletionPolicy,
  GetAtt,
  If,
  Intrinsic,
  Join,
  Output,
  Parameter,
  Ref,
  Resource,
  Sub,
  Tag,
  Template,
  Text,
} from './cloudformation.js';
export { getAtt, noValue, ref, sub, when } from './cloudformation.js';
export { type CompileOptions, type CompileResult, compile, definitionDigest } from './compile.js';
export type { CoreEnvironment, StateFunction } from './core-environment.js';
export {
  type CoreOutput,
  type CorePlace,
  coreEnvironmentFromOutputs,
  coreOutputPaths,
  parseCoreEnvironment,
} from './core-outputs.js';
export type { Images } from './jobs/images.js';
export type { Upload } from './jobs/upload.js';
export {
  maxWorkflowNameLength,
  parseVersionDescription,
  stepNameParts,
  versionDescription,
  workflowNameProblem,
} from './names.js';
export type { JobDefinition } from './stack/job-definitions.js';
export { workflowOutputs } from './stack/outputs.js';
export type { StateMachine } from './stack/state-machine.js';
export type {
  ChoiceRule,
  ChoiceState,
  MapState,
  NativeState,
  ParallelState,
  Retrier,
  State,
  StateMachineDefinition,
  SucceedState,
  TaskState,
  Transition,
} from './states-language.js';
export { statesIn } from './states-language.js';
