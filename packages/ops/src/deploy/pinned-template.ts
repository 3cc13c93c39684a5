import { compile } from '@bclaw/compiler';
import { pinImages } from '@bclaw/images';
import { parse } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { sha256 } from '../aws/sha256.js';
import { type CheckedTemplate, type CheckOptions, checked } from './template.js';

/**
 * Like {@link checkTemplate}, but resolves the digests for `pin_images` at the registries, as the macro does: the
 * result is identical to a deployment now.
 *
 * @example
 * ```ts
 * const { diagnostics } = await checkPinnedTemplate(createClients(), text, { core, deploymentId: 'check', bclawVersion: '1.0.0' });
 * ```
 */
export async function checkPinnedTemplate(
  { images: resolver }: Pick<Clients, 'images'>,
  text: string,
  options: CheckOptions,
): Promise<CheckedTemplate> {
  const parsed = parse(text, { parameters: options.parameters ?? {} });
  const { workflow, diagnostics } = parsed;
  if (workflow === undefined) return { ok: false, diagnostics };
  const pinned = await pinImages(workflow, { resolver, account: options.core });
  const compiled = compile(workflow, { ...options, images: pinned.images, sha256 });
  const found = [...pinned.diagnostics, ...compiled.diagnostics];
  return checked(parsed, workflow, pinned.ok ? { ...compiled, diagnostics: found } : { ok: false, diagnostics: found });
}
