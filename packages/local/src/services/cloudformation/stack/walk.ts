import type { Dependencies } from '../template/dependencies.js';

/**
 * Visits every node after its dependencies, in parallel where possible. If a visit returns `false`, all nodes that
 * depend on it are skipped.
 *
 * @param dependencies - without cycles; names that are not keys are ignored
 */
export async function walk(dependencies: Dependencies, visit: (name: string) => Promise<boolean>): Promise<void> {
  const visits = new Map<string, Promise<boolean>>();
  const start = (name: string): Promise<boolean> => {
    const known = visits.get(name);
    if (known !== undefined) return known;
    const before = [...(dependencies.get(name) ?? [])].filter((other) => dependencies.has(other)).map(start);
    const visited = Promise.all(before).then((results) => (results.includes(false) ? false : visit(name)));
    visits.set(name, visited);
    return visited;
  };
  await Promise.all([...dependencies.keys()].map(start));
}

/** The reversed graph: each node must be removed before its dependencies. */
export function backwards(dependencies: Dependencies): Dependencies {
  const reversed = new Map<string, Set<string>>([...dependencies.keys()].map((name) => [name, new Set()]));
  for (const [name, before] of dependencies) for (const other of before) reversed.get(other)?.add(name);
  return reversed;
}
