/**
 * The data that are passed at run time and their processing, without the template language and without conditions (see
 * `@bclaw/spec/expressions`): for the functions between jobs and for the runner, whose start delays every job.
 */
export {
  type CompletionMarker,
  type DatedText,
  EarlierFiles,
  type FileHistory,
  leftByEarlierRun,
  type ObjectOrigin,
  parseCompletionMarker,
  type WrittenOutput,
} from './earlier-files.js';
export { BclawError } from './errors.js';
export { exactName, exactValues } from './exact-values.js';
export {
  parseChooseRequest,
  parseGatherRequest,
  parseInitializeRequest,
  parseScatterRequest,
  parseSubpipeRetrieveRequest,
  parseSubpipeSubmitRequest,
} from './function-payload-parsers.js';
export type * from './function-payloads.js';
export { escapeGlob, globMatcher, globPrefix, isGlob, unescapeGlob } from './glob.js';
export { jobRepository } from './job-repository.js';
export type { ScatterQuery, ScatterSource, Shell } from './model.js';
export type * from './payload.js';
export { jobParameterNames, maxCarriedBytes } from './payload.js';
export {
  isStatePayload,
  parseCarriedJobStep,
  parseCarriedValues,
  parseJobData,
  parseJobParameters,
  parseJobStep,
  parseLaunchPayload,
  parseStatePayload,
  parseTextMap,
  parseValueMap,
} from './payload-parsers.js';
export { waitBeforeAttempt } from './retry.js';
export {
  type AccountRegistry,
  ecrRegistryOf,
  expandImage,
  type ImageReference,
  isPinnedImage,
  splitImage,
} from './scalars/image.js';
export { inWords } from './scalars/in-words.js';
export { exactNumber, jsonText, parseJson } from './scalars/json.js';
export { parseOutput } from './scalars/output.js';
export { parseRegistryLogin, type RegistryLogin } from './scalars/registry-login.js';
export {
  bucketNameRule,
  formatS3Uri,
  isBucketName,
  isS3Uri,
  objectIn,
  parseS3Uri,
  type S3Location,
  type S3Uri,
} from './scalars/s3-uri.js';
export { readSelector, splitFileSource } from './scalars/selector.js';
export { SpelledNumber } from './scalars/spelled-number.js';
export { asText } from './scalars/text.js';
export { hasMembers, withMembers } from './scalars/with-members.js';
export { type CommandFiles, type CommandOptions, fillCommands } from './substitution/commands.js';
export { type FilledFile, type LocatedFile, locateFile, substituteFile } from './substitution/files.js';
export { type Reference, references, replaceReferences } from './substitution/references.js';
export {
  plainData,
  type RunTimeReference,
  runTimeReference,
  substitute,
  substituteValue,
} from './substitution/run-time.js';
export { isSystemFile } from './system-files.js';
