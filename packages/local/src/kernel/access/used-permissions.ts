import type { Permission } from '../../iam/access.js';

/** Resources that are kept for each action: enough to see what they have in common. */
const mostResources = 50;

/** The permissions that callers used since the engine started; `GET /_bclaw/permissions` returns them. */
export class UsedPermissions {
  readonly #used = new Map<string, Map<string, Set<string>>>();

  add(caller: string, { action, resource }: Permission): void {
    const actions = this.#used.get(caller) ?? new Map<string, Set<string>>();
    this.#used.set(caller, actions);
    const resources = actions.get(action) ?? new Set<string>();
    actions.set(action, resources);
    if (resources.size < mostResources) resources.add(resource);
  }

  /** `{ "<role ARN>": { "s3:GetObject": ["arn:aws:s3:::…"] } }`, sorted; a person is `administrator`. */
  all(): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> {
    return sorted(this.#used, (actions) => sorted(actions, (resources) => [...resources].sort()));
  }
}

const sorted = <V, R>(map: ReadonlyMap<string, V>, convert: (value: V) => R): Readonly<Record<string, R>> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, convert(value)]));
