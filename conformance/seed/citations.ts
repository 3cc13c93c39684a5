import { type Section, seed } from './the-seed.js';

const cited = new Set<string>();
const typed: string[] = [];

const promisesOf = ({ sentences }: Section): string[] =>
  sentences.flatMap((sentence) => (typeof sentence === 'string' ? [sentence] : []));

/**
 * The name of a test that proves a sentence of the seed, with enough of the sentence to identify it.
 *
 * @param parts - each part of one promise, verbatim
 * @throws when none of the seed's promises contains a part, or several do
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

/** Records a typed command. */
export function noteTyped(command: string): void {
  typed.push(command);
}

/** The promises of a section that no test's name cites. */
export const unproved = (section: Section): string[] => promisesOf(section).filter((sentence) => !cited.has(sentence));

/** Number of promises of a section that tests cite. */
export const countProved = (section: Section): number =>
  promisesOf(section).filter((sentence) => cited.has(sentence)).length;

/** Returns true if a typed command begins with these words. */
export const wasTyped = (command: string): boolean =>
  typed.some((line) => line === command || line.startsWith(`${command} `));
