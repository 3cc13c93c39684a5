import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type CompileResult, type CoreEnvironment, compile } from '@bclaw/compiler';
import { type ImageResolver, pinImages } from '@bclaw/images';
import { type Diagnostic, parseValue } from '@bclaw/spec';
import { type MacroEvent, type MacroResponse, parseMacroEvent } from './event.js';
import { failureMessage } from './failure-message.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface MacroOptions {
  readonly s3: S3Client;
  readonly core: CoreEnvironment;
  readonly bclawVersion: string;
  /** Resolves the digests for a template with `pin_images`. */
  readonly images: ImageResolver;
  /** Called with one entry per run; the only output for warnings. Default: writes a line of JSON to standard output. */
  readonly log?: (entry: MacroLogEntry) => void;
}

export interface MacroLogEntry {
  readonly level: 'info' | 'error';
  readonly requestId: string;
  readonly outcome: MacroResponse['status'];
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Timeout for registries, in milliseconds: enough for retries, and half of the function's timeout in the core stack.
 */
const pinningTimeoutMs = 60_000;

/** A Lambda handler. */
export type Macro = (event: unknown) => Promise<MacroResponse>;

/**
 * Creates the handler of the CloudFormation macro: it compiles the workflow in the template to the resources of its
 * stack. The macro's request id becomes the deployment id, so each deployment is a new version.
 *
 * For a template that cannot be compiled, it returns a response and throws no exception: `failure`, with every
 * diagnostic in the message.
 *
 * @example
 * ```ts
 * export const handler = createMacro({
 *   s3: new S3Client(),
 *   core: parseCoreEnvironment(json),
 *   bclawVersion: '1.0.0',
 *   images: createImageResolver(),
 * });
 * ```
 */
export function createMacro(options: MacroOptions): Macro {
  const { log = writeLine } = options;
  return async (event) => {
    const { requestId, ...request } = parseMacroEvent(event);
    const fail = (errorMessage: string, diagnostics: readonly Diagnostic[] = []): MacroResponse => {
      log({ level: 'error', requestId, outcome: 'failure', message: errorMessage, diagnostics });
      return { requestId, status: 'failure', fragment: request.fragment, errorMessage };
    };
    try {
      const result = await compileFragment({ requestId, ...request }, options);
      if (!result.ok) return fail(failureMessage(result.diagnostics), result.diagnostics);
      for (const upload of result.uploads) await uploadDefinition(options.s3, upload);
      log({
        level: 'info',
        requestId,
        outcome: 'success',
        message: `Compiled the definition ${result.digest}.`,
        diagnostics: result.diagnostics,
      });
      return { requestId, status: 'success', fragment: result.template };
    } catch (error) {
      if (error instanceof S3ServiceException) return fail(`The definition could not be stored: ${error.message}`);
      throw error;
    }
  };
}

const writeLine = (entry: MacroLogEntry): void => {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
};

async function compileFragment(
  request: MacroEvent,
  { core, bclawVersion, images: resolver }: MacroOptions,
): Promise<CompileResult> {
  // CloudFormation removes the Transform section; with it, the template is the author's.
  const template = { Transform: request.transformId, ...request.fragment };
  const { workflow, diagnostics } = parseValue(template, { parameters: request.templateParameterValues });
  if (workflow === undefined) return { ok: false, diagnostics: withAdvice(diagnostics, request) };
  const signal = AbortSignal.timeout(pinningTimeoutMs);
  const pinned = await pinImages(workflow, { resolver, account: core, signal });
  const result = compile(workflow, {
    core,
    deploymentId: request.requestId,
    bclawVersion,
    images: pinned.images,
    sha256,
  });
  const all = [...diagnostics, ...pinned.diagnostics, ...result.diagnostics];
  return pinned.ok ? { ...result, diagnostics: all } : { ok: false, diagnostics: all };
}

/** A template of ordinary resources with this macro is a mistake that deserves its own message. */
function withAdvice(diagnostics: readonly Diagnostic[], { fragment, transformId }: MacroEvent): readonly Diagnostic[] {
  const keys = Object.keys(fragment).map((key) => key.toLowerCase());
  if (keys.includes('steps') || !keys.includes('resources')) return diagnostics;
  return [
    {
      code: 'not-a-workflow',
      severity: 'error',
      path: ['Resources'],
      message: `The macro ${transformId} compiles workflows, and this template has Resources but no Steps.`,
      hint: `Leave out the Transform, or write the workflow in a template of its own: it makes a stack of its own.`,
    },
  ];
}

/** The key contains the body's digest, so an existing object is identical. */
async function uploadDefinition(
  s3: S3Client,
  { bucket, key, body }: { readonly bucket: string; readonly key: string; readonly body: string },
): Promise<void> {
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: 'application/json',
        IfNoneMatch: '*',
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
      }),
    );
  } catch (error) {
    const exists = error instanceof S3ServiceException && error.name === 'PreconditionFailed';
    if (!exists) throw error;
  }
}
