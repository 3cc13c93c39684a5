/** HTTP route of an operation in a REST-JSON service (Lambda, Batch). */
export interface Route {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** Path with labels: `{FunctionName}` is one segment, `{Resource+}` the whole rest. Labels become input members. */
  readonly path: string;
  /** Set if the answer is not `200` with all members in a JSON body. */
  readonly response?: RouteResponse;
}

/** Encoding of an operation's output. */
export interface RouteResponse {
  /** The HTTP status, e.g. 201 or 204. Default 200. */
  readonly status?: number;
  /** The output member with the HTTP status; it is omitted from the body. */
  readonly statusMember?: string;
  /** Output members that are sent as headers: member name → header name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The output member (`Uint8Array`) that is the whole body. */
  readonly payload?: string;
}

/** A matching route, with the values of its labels. */
export interface RouteMatch<R extends Route> {
  readonly route: R;
  readonly labels: Readonly<Record<string, string>>;
}

/** Result of a lookup: a route, or the error. */
export type RouteResult<R extends Route> =
  | { readonly kind: 'match'; readonly match: RouteMatch<R> }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'bad-encoding' };

interface Pattern<R extends Route> {
  readonly route: R;
  readonly segments: readonly string[];
  readonly literals: number;
}

export interface Router<R extends Route> {
  find(method: string, path: string): RouteResult<R>;
}

/**
 * Finds the route of a REST-JSON request. Paths are compared segment by segment before percent-decoding, so a label may
 * contain an ARN with encoded slashes; if two routes match, the one with more literal segments wins.
 *
 * @example
 * ```ts
 * const router = createRouter([{ operation: 'GetAlias', method: 'GET', path: '/2015-03-31/functions/{FunctionName}/aliases/{Name}' }]);
 * router.find('GET', '/2015-03-31/functions/f/aliases/live'); // labels: { FunctionName: 'f', Name: 'live' }
 * ```
 */
export function createRouter<R extends Route>(routes: readonly R[]): Router<R> {
  const patterns = routes
    .map((route): Pattern<R> => {
      const segments = segmentsOf(route.path);
      return { route, segments, literals: segments.filter((segment) => !segment.startsWith('{')).length };
    })
    .sort((a, b) => b.literals - a.literals);
  return {
    find(method, path) {
      const segments = segmentsOf(path);
      for (const pattern of patterns) {
        if (pattern.route.method !== method) continue;
        const raw = matchSegments(pattern.segments, segments);
        if (raw === undefined) continue;
        try {
          const labels = Object.fromEntries(
            Object.entries(raw).map(([name, value]) => [name, decodeURIComponent(value)]),
          );
          return { kind: 'match', match: { route: pattern.route, labels } };
        } catch {
          return { kind: 'bad-encoding' };
        }
      }
      return { kind: 'unknown-path' };
    },
  };
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/^\/+/, '').replace(/\/+$/, '').split('/');
}

function matchSegments(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = path[index];
    if (actual === undefined) return undefined;
    if (expected.startsWith('{') && expected.endsWith('+}')) {
      labels[expected.slice(1, -2)] = path.slice(index).join('/');
      return labels;
    }
    if (expected.startsWith('{')) {
      if (actual === '') return undefined;
      labels[expected.slice(1, -1)] = actual;
    } else if (expected !== actual) return undefined;
  }
  return pattern.length === path.length ? labels : undefined;
}
