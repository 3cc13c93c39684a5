/** A registry's authentication challenge, from its `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** `name=value` or `name="quoted \" value"`, else a scheme; RFC 9110 sections 11.3 and 11.6.1. */
const part = new RegExp(`\\s*(?:(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))|(${token}))\\s*,?`, 'sy');

/**
 * Parses a `WWW-Authenticate` header, which may contain several challenges. Parsing stops at the first syntax error;
 * challenges before it are kept.
 *
 * @example
 * ```ts
 * parseChallenges('Bearer realm="https://auth.docker.io/token",service="registry.docker.io"');
 * // [{ scheme: 'bearer', parameters: { realm: 'https://auth.docker.io/token', service: 'registry.docker.io' } }]
 * ```
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  part.lastIndex = 0;
  for (let match = part.exec(header); match !== null; match = part.exec(header)) {
    const [, name, quoted, plain, scheme] = match;
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    else if (name !== undefined) {
      const value = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/gs, '$1');
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
    if (part.lastIndex >= header.length) break;
  }
  return challenges.map(({ scheme, parameters }) => ({ scheme, parameters: Object.fromEntries(parameters) }));
}
