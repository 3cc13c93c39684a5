import { type Section, seed } from './the-seed.js';

const cited = new Set<string>();
const typed: string[] = [];

const promisesOf = ({ sentences }: Section): string[] =>
  sentences.flatMap((sentence) => (typeof sentence === 'string' ? [sentence] : []));

/**
 * The name of a test that proves a sentence of the seed: enough of the sentence to know it by.
 *
 * @param parts - each of one promise, word for word
 * @throws when a part is in none of the seed's promises, or in several
 */
export function proves(...parts: readonly string[]): string {
  for (const part of parts) {
    const found = seed.flatMap(promisesOf).filter((sentence) => sentence.includes(part));
    const [sentence] = found;
    if (sentence === undefined || found.length > 1)
      throw new Error(`"${part}" is in ${found.length} promises of the seed.`);
    cited.add(sentence);
  }
  return parts.map((part) => `“${part}”`).join(' ');
}

/** Notes a command that was typed. */
export function noteTyped(command: string): void {
  typed.push(command);
}

/** The promises of a section that no test's name cites. */
export const unproved = (section: Section): string[] => promisesOf(section).filter((sentence) => !cited.has(sentence));

/** How many promises of a section are cited by tests. */
export const countProved = (section: Section): number =>
  promisesOf(section).filter((sentence) => cited.has(sentence)).length;

/** Whether a command has been typed that begins with these words. */
export const wasTyped = (command: string): boolean =>
  typed.some((line) => line === command || line.startsWith(`${command} `));
