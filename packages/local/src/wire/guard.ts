import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { AwsError } from './aws-error.js';

/** `localhost` and names below it, which are never sent to a DNS server (RFC 6761), and the loopback addresses. */
const loopbackHost = /^(?:(?:[^\s/@:[\]]+\.)?localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])$/i;

/**
 * Returns true if a `Host` header names a host that cannot belong to a web page. With DNS rebinding, a page of
 * evil.example calls the engine as evil.example; it cannot use an IP address or localhost as its name.
 *
 * @param names additional names for clients: empty for an engine that listens on the loopback interface only
 */
export type KnownHosts = (host: string) => boolean;

/** The hosts of an engine that is reachable from this machine only. */
export const loopbackHosts: KnownHosts = (host) => loopbackHost.test(host);

/** The hosts of an engine that is reachable from other machines: any address, and these names. */
export function networkHosts(names: readonly string[]): KnownHosts {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return (host) => loopbackHosts(host) || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 || known.has(host.toLowerCase());
}

/**
 * Rejects requests from web pages. The engine has no secret with which to verify a signature, so a page in the user's
 * browser could send it commands through the loopback interface: under its own name (DNS rebinding), which `Host`
 * reveals, or across origins, which `Origin` and `Sec-Fetch-Site` reveal. Requests must also be signed: see
 * `destination.ts`.
 *
 * @throws AwsError `AccessDenied`
 */
export function refuseForeignPages(headers: IncomingHttpHeaders, knownHosts: KnownHosts): void {
  const host = headers.host ?? '';
  if (!knownHosts(host.replace(/:\d*$/, '')))
    throw denied(
      `The embedded engine does not answer to the host "${host}": address it as 127.0.0.1 or localhost, or by the address that it listens on.`,
    );
  // Browsers send the origin of a request; AWS's clients do not, and for a presigned URL opened by the user the origin
  // is `none`.
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin')
    throw denied(`The embedded engine does not answer to web pages, and the browser says that one asks: ${site}.`);
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    throw denied(`The embedded engine does not answer to web pages of "${origin}".`);
}

/**
 * Headers of every answer. Stored content may be a page written by someone else, and the user may open it with a
 * presigned URL: the sandbox gives it a separate origin, so that it can be displayed but cannot call the engine.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': 'sandbox allow-scripts allow-downloads',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const denied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 });
