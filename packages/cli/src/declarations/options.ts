import { parseDuration, parseMemory } from '@bclaw/spec';
import { defaultInstallation } from '@bclaw/spec/contract';
import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings';

/**
 * The options of a command, as its declaration types them.
 *
 * @example
 * ```ts
 * type SubmitOptions = OptionsOf<typeof submitCommand>;
 * ```
 */
export type OptionsOf<Declaration extends (parent: Command) => { opts(): OptionValues }> = Readonly<
  ReturnType<ReturnType<Declaration>['opts']>
>;

/** The options of every command that connects to AWS or to the embedded engine. */
export type ConnectionOptions = OptionsOf<
  (parent: Command) => ReturnType<typeof withConnection<[], Record<never, never>>>
>;

/** Adds the options of every command that connects to AWS or to the embedded engine. */
export function withConnection<Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) {
  return command
    .option('--local', 'use the embedded engine that runs in this folder or above it')
    .option('--endpoint-url <url>', 'use another endpoint than AWS')
    .option('--region <region>', 'AWS region')
    .option('--profile <profile>', 'profile of the AWS configuration files')
    .option('--core <name>', `name of the core stack (default: ${defaultInstallation})`);
}

export function withJson<Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) {
  return command.option('--json', 'data as JSON');
}

export function withParameters<Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) {
  return command.option('-p, --parameter <name=value>', "a value of one of the template's parameters", parameter);
}

/** Shows examples below the help. */
export function withExamples<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
  ...examples: readonly string[]
): Command<Args, Options> {
  const heading = examples.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', `\n${[heading, ...examples.map((line) => `  $ ${line}`)].join('\n')}`);
}

/** An option with a fixed set of words. */
export const choice = <Flags extends string, const Words extends readonly string[]>(
  flags: Flags,
  description: string,
  words: Words,
) => new Option(flags, description).choices(words);

/** An option with a fixed set of words in capitals, which can be given in lower case. */
export function choiceOfCapitals<Flags extends string, const Word extends string>(
  flags: Flags,
  description: string,
  words: readonly Word[],
) {
  return choice(flags, description, words).argParser((text) => {
    const word = words.find((each) => each === text.toUpperCase());
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
  });
}

/** Parses a non-negative integer. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Parses a price: a number that is not negative. */
export function price(text: string): number {
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(text)) throw new InvalidArgumentError('It must be a number like 0.0405.');
  return Number(text);
}

/** Parses a positive integer. */
export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

/** Parses a TCP port; 0 stands for any free one. */
export function tcpPort(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return port;
}

/** Parses a duration in the templates' format (`90d`) into milliseconds. */
export function duration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value * 1_000;
  throw new InvalidArgumentError([`${parsed.problem}.`, parsed.hint].filter(Boolean).join(' '));
}

/** Parses a duration before now (`2h`) or a time (`2026-11-29T08:00Z`) into a time. */
export function timeOrDuration(text: string): Date {
  const parsed = parseDuration(text);
  if (parsed.ok) return new Date(Date.now() - parsed.value * 1_000);
  // Without a zone, times are UTC, as in everything that bclaw prints.
  const [, date, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const at = new Date(`${date}T${time}${zone}`);
  if (!Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('Write a duration like 30m or 2h, or a time like 2026-11-29T08:00Z.');
}

/** Parses an amount of memory in the templates' format (`16 Gb`) into MiB. */
export function memory(text: string): number {
  const parsed = parseMemory(text);
  if (parsed.ok) return parsed.value;
  throw new InvalidArgumentError([`${parsed.problem}.`, parsed.hint].filter(Boolean).join(' '));
}

/** Collects `name=value` options. */
function parameter(text: string, collected: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write Name=value.');
  return { ...collected, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Collects repeated options in a list. */
export const repeated = (text: string, collected: readonly string[] = []): readonly string[] => [...collected, text];
