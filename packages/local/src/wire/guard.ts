import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { AwsError } from './aws-error.js';

/** `localhost` and names below it, which no DNS server is asked for (RFC 6761), and the loopback addresses themselves. */
const loopbackHost = /^(?:(?:[^\s/@:[\]]+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a `Host` header names a host that a web page cannot have as its own. With DNS rebinding, a page of evil.example
 * calls the engine as evil.example; it cannot call itself an IP address, nor localhost.
 *
 * @param names further names that clients may use: empty for an engine that listens on the loopback interface only
 */
export type KnownHosts = (host: string) => boolean;

/** The hosts of an engine that only this machine reaches. */
export const loopbackHosts: KnownHosts = (host) => loopbackHost.test(host);

/** The hosts of an engine that other machines reach: any address, and these names. */
export function networkHosts(names: readonly string[]): KnownHosts {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return (host) => loopbackHosts(host) || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 || known.has(host.toLowerCase());
}

/**
 * Keeps web pages out. The engine knows no secret that a signature could prove, so a page in the user's browser could
 * order it about through the loopback interface: under a name of its own (DNS rebinding), which `Host` gives away, or
 * across origins, which `Origin` and `Sec-Fetch-Site` do. That a request is signed at all is required beside this: see
 * `signature.ts`.
 *
 * @throws AwsError `AccessDenied`
 */
export function refuseForeignPages(headers: IncomingHttpHeaders, knownHosts: KnownHosts): void {
  const host = headers.host ?? '';
  if (!knownHosts(host.replace(/:\d*$/, '')))
    throw denied(
      `The embedded engine does not answer to the host "${host}": address it as 127.0.0.1 or localhost, or by the address that it listens on.`,
    );
  // Browsers say where a request comes from; AWS's clients do not, and a user who opens a presigned URL comes from nowhere.
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin')
    throw denied(`The embedded engine does not answer to web pages, and the browser says that one asks: ${site}.`);
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    throw denied(`The embedded engine does not answer to web pages of "${origin}".`);
}

/**
 * Headers of every answer. What the engine stores may be a page that somebody else wrote, and its user may open it with a
 * presigned URL: the sandbox gives it an origin of its own, so that it can show itself and not call the engine.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': 'sandbox allow-scripts allow-downloads',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const denied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 });
