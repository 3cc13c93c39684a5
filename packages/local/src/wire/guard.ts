import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.js';

const loopbackHost = /^(?:(?:.+\.)?localhost|(?:.+\.)?127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Keeps web pages out. The engine checks no credentials, so a page in the user's browser could reach it through the
 * loopback interface: under its own name (DNS rebinding), which the `Host` header gives away, or across origins, which
 * `Origin` does.
 *
 * @throws AwsError `AccessDenied`
 */
export function refuseForeignPages(headers: IncomingHttpHeaders): void {
  if (headers.host !== undefined && !loopbackHost.test(headers.host))
    throw new AwsError(
      'AccessDenied',
      `The embedded engine answers to 127.0.0.1 and localhost only, not to the host "${headers.host}".`,
      { status: 403 },
    );
  const origin = headers.origin;
  if (origin === undefined) return;
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  if (host === undefined || !loopbackHost.test(host))
    throw new AwsError('AccessDenied', `The embedded engine does not answer to web pages of "${origin}".`, {
      status: 403,
    });
}
