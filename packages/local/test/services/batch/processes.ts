import { readdirSync, readFileSync } from 'node:fs';

/** Processes of this machine by the words of their command lines, without ended ones that were not reaped. */
export function processes(matches: (command: string) => boolean, parent?: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return matches(command) && stat[0] !== 'Z' && (parent === undefined || Number(stat[1]) === parent);
      } catch {
        return false; // it has just ended
      }
    });
}

/** The spawners of this test's own engines. */
export const spawners = (): number[] => processes((command) => command.includes('bclaw-job-spawner'), process.pid);
