/** Limits of a template, so that no document takes too long or overflows the stack. */

/** CloudFormation quota "Template body size in an S3 object": 1 MB. */
export const maxTemplateCharacters = 1_048_576;

/** Nesting of maps and lists; a scatter in a scatter in a scatter uses about 15. */
export const maxDepth = 100;

/** Maps, lists and scalars. */
export const maxNodes = 200_000;

/** Words, signs and the white space between them: a megabyte of ordinary steps has half as many. */
export const maxLexemes = 800_000;

/** Of each severity: more would not help anyone. */
export const maxDiagnostics = 1_000;
