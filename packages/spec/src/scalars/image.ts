import { given } from '../given.js';
import type { Image } from '../model.js';
import { withoutReferences } from '../substitution/references.js';
import { type Parsed, parsed, unparsed } from './parsed.js';

/** The default image of a step. */
export const defaultImage: Image = { name: 'public.ecr.aws/ubuntu/ubuntu:24.04' };

const shorthand = /^(.*?)(?:\s+\+auth\s*:\s*(.*))?$/s;
const registry = '(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*(?::\\d+)?/)?';
const component = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
const tag = '(?::\\w[\\w.-]{0,127})?';
/** The grammar of the Docker Registry's references; Amazon ECR accepts no other names. */
const beforeDigest = new RegExp(`^${registry}${component}(?:/${component})*${tag}$`);
const digestOfImage = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * Parses an image as written in a template: `name`, `name:tag`, `name@sha256:…`, each optionally followed by
 * ` +auth: secret`, the Secrets Manager name or ARN of `{"username", "password"}`.
 *
 * @example
 * ```ts
 * parseImage('ghcr.io/lab/caller:1.2 +auth: ghcr'); // { ok: true, value: { name: 'ghcr.io/lab/caller:1.2', auth: 'ghcr' } }
 * ```
 */
export function parseImage(source: string): Parsed<Image> {
  const [, imageName = '', auth] = shorthand.exec(source.trim()) ?? [];
  if (auth !== undefined && auth.trim() === '')
    return unparsed('+auth names no secret', 'Write "+auth: <Secrets Manager name or ARN>".');
  if (auth !== undefined && /\s/.test(withoutReferences(auth.trim())))
    return unparsed(`"${auth.trim()}" is not the name of a secret`, 'Write one name or ARN after "+auth:".');
  return imageFrom(imageName.trim(), auth?.trim());
}

/** Checks the parts of an image that a template writes as `{name, auth}`. */
export function imageFrom(imageName: string, auth: string | undefined): Parsed<Image> {
  // A digit is valid anywhere in a name; a digest with a reference in it cannot be checked.
  const [reference = '', ...digests] = withoutReferences(imageName, '0').split('@');
  const hasDigest =
    digests.length <= 1 && digests.every((text) => imageName.includes('${') || digestOfImage.test(text));
  if (hasDigest && beforeDigest.test(reference))
    return parsed(auth === undefined ? { name: imageName } : { name: imageName, auth });
  if (hasDigest && beforeDigest.test(reference.toLowerCase()))
    return unparsed(
      `"${imageName}" has capitals, and names of images have none`,
      'Write it in lower case; tags may have capitals.',
    );
  return unparsed(
    `"${imageName}" is not an image name`,
    'Write name, name:tag or name@sha256:…, such as "samtools:1.21" or "public.ecr.aws/ubuntu/ubuntu:24.04".',
  );
}

export interface ImageReference {
  /** Registry host, with its port if it has one; absent = this account's ECR. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/**
 * Splits an image name. The part before the first `/` is a registry when it has a `.` or a `:` or is
 * `localhost`; without a registry the image is in this account's ECR.
 */
export function splitImage(imageName: string): ImageReference {
  const slash = imageName.indexOf('/');
  const head = slash === -1 ? '' : imageName.slice(0, slash);
  const hasRegistry = head === 'localhost' || /[.:]/.test(head);
  const rest = hasRegistry ? imageName.slice(slash + 1) : imageName;
  const [path = '', digest] = rest.split('@', 2);
  const colon = path.lastIndexOf(':');
  const hasTag = colon > path.lastIndexOf('/');
  return {
    ...(hasRegistry ? { registry: head } : {}),
    repository: hasTag ? path.slice(0, colon) : path,
    ...(hasTag ? { tag: path.slice(colon + 1) } : {}),
    ...given({ digest }),
  };
}

/**
 * Returns true if an image's name will probably refer to the same image in the future: it has a digest, or a tag that
 * looks like a version, a date, a build number or a commit.
 *
 * @example
 * ```ts
 * isPinnedImage('samtools:1.21'); // true
 * isPinnedImage('samtools:prod'); // false
 * isPinnedImage('samtools'); // false: the registry's default tag is `latest`
 * ```
 */
export function isPinnedImage(imageName: string): boolean {
  if (imageName.includes('${')) return false;
  const { tag, digest } = splitImage(imageName);
  if (digest !== undefined) return /^[a-z0-9+._-]+:[0-9a-f]{32,}$/i.test(digest);
  if (tag === undefined || /latest|nightly|snapshot|edge/i.test(tag)) return false;
  const isCommit = /(?:^|[-_.])(?=[0-9a-f]*\d)[0-9a-f]{7,40}$/.test(tag);
  return isCommit || /^v?\d/i.test(tag) || /\d+\.\d+/.test(tag) || /[-_.]\d+$/.test(tag);
}

/** The registry for short image names: an account's ECR registry. */
export interface AccountRegistry {
  readonly accountId: string;
  readonly region: string;
  /** `aws` (default), `aws-cn`, `aws-us-gov`… */
  readonly partition?: string;
}

/** Hosts of private registries in Amazon ECR, including dual-stack and FIPS ones. */
const ecrHost =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com|com\.cn|eu)|on\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))$/;

/**
 * Returns account and region of a private Amazon ECR registry by its host; undefined for any other host.
 *
 * @example
 * ```ts
 * ecrRegistryOf('123456789012.dkr.ecr.us-east-1.amazonaws.com'); // { accountId: '123456789012', region: 'us-east-1' }
 * ```
 */
export function ecrRegistryOf(host: string): AccountRegistry | undefined {
  const [, accountId, region] = ecrHost.exec(host) ?? [];
  return accountId === undefined || region === undefined ? undefined : { accountId, region };
}

/**
 * The full name of an image: a short name is expanded to one in the account's ECR, any other is unchanged.
 *
 * @example
 * ```ts
 * expandImage('samtools:1.21', { accountId: '123456789012', region: 'us-east-1' });
 * // '123456789012.dkr.ecr.us-east-1.amazonaws.com/samtools:1.21'
 * ```
 */
export function expandImage(imageName: string, { accountId, region, partition }: AccountRegistry): string {
  if (splitImage(imageName).registry !== undefined) return imageName;
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${accountId}.dkr.ecr.${region}.${suffix}/${imageName}`;
}
