import type { Dependencies } from '../template/dependencies.js';

/**
 * Visits everything after what it depends on, and as much as possible at once. What a visit answers `false` to stops all
 * that depends on it.
 *
 * @param dependencies - without circles; names outside of it are passed over
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

/** The same graph read backwards: who must go before what it depends on goes. */
export function backwards(dependencies: Dependencies): Dependencies {
  const reversed = new Map<string, Set<string>>([...dependencies.keys()].map((name) => [name, new Set()]));
  for (const [name, before] of dependencies) for (const other of before) reversed.get(other)?.add(name);
  return reversed;
}
