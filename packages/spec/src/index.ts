export { type DiagnosticCode, diagnosticCodes } from './codes.js';
export type { Diagnostic, Severity, SourcePosition, SourceRange, TemplatePath } from './diagnostics.js';
export { BclawError } from './errors.js';
export {
  builtinNames,
  conditionHolds,
  type Expression,
  ExpressionError,
  type ExpressionFailure,
  ExpressionSyntaxError,
  evaluateExpression,
  evaluateParsed,
  freeNames,
  namesOf,
  parseExpression,
  type Value,
  valueFrom,
  valueFromJson,
} from './expressions/index.js';
export { followers, nestedBlocks, reachable, reachableFrom, stepsBefore, withNestedBlocks } from './flow.js';
export { type DiagnosticFormat, diagnosticFormats, formatDiagnostics } from './format/index.js';
export type { Painter } from './format/people.js';
export type { DiagnosedSource } from './format/source.js';
export {
  parseChooseRequest,
  parseGatherRequest,
  parseInitializeRequest,
  parseScatterRequest,
  parseSubpipeRetrieveRequest,
  parseSubpipeSubmitRequest,
} from './function-payload-parsers.js';
export type * from './function-payloads.js';
export { globMatcher, globPrefix, isGlob } from './glob.js';
export { jobRepository } from './job-repository.js';
export type * from './model.js';
export { didYouMean, nearest } from './nearest.js';
export {
  type ParseOptions,
  type ParseResult,
  parse,
  parseValue,
  type TemplateOrigin,
  templateOrigins,
} from './parse.js';
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
export { longestWait, mostRetries } from './retry.js';
export { allSteps } from './rules/rule.js';
export { parseDuration } from './scalars/duration.js';
export {
  type AccountRegistry,
  ecrRegistryOf,
  expandImage,
  type ImageReference,
  isPinnedImage,
  parseImage,
  splitImage,
} from './scalars/image.js';
export { inWords } from './scalars/in-words.js';
export { parseMemory } from './scalars/memory.js';
export { parseOutput } from './scalars/output.js';
export type { Parsed } from './scalars/parsed.js';
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
export { asText } from './scalars/text.js';
export { workflowSchema } from './schema/publish.js';
export { type Reference, references, replaceReferences } from './substitution/references.js';
export {
  type RunTimeReference,
  runTimeReference,
  substitute,
  substituteValue,
} from './substitution/run-time.js';
export { withoutSuppressed } from './syntax/suppressions.js';
export { isSystemFile } from './system-files.js';
