import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { textIn } from './steps.js';

/** A line of a job's log. */
export interface LogLine {
  readonly time: Date;
  /** Source of the line: the user's commands, or bclaw's runner. */
  readonly source: 'commands' | 'runner';
  readonly text: string;
  /** Level of the runner's own lines. */
  readonly level?: 'info' | 'warning' | 'error';
}

/** The runner's prefix for lines of the user's commands. */
const commandsMark = 'user| ';

/** Which lines of a log stream are read. */
export interface LogRange {
  /** Only lines since this time. */
  readonly since?: Date;
  /** Only so many of the last lines that there are at the first read; every line after that. */
  readonly last?: number;
}

/** A log stream; each read continues where the last one ended. */
export class JobLogReader {
  readonly #clients: Pick<Clients, 'logs'>;
  readonly #stream: LogStream;
  readonly #range: LogRange;
  #token: string | undefined;

  constructor(clients: Pick<Clients, 'logs'>, group: string, stream: string, range: LogRange = {}) {
    this.#clients = clients;
    this.#stream = { group, stream, ...given({ since: range.since }) };
    this.#range = range;
  }

  /** The lines since the last read; none when the stream does not exist yet. */
  async read(): Promise<LogLine[]> {
    if (this.#token === undefined && this.#range.last !== undefined) {
      const { lines, end } = await readEnd(this.#clients, this.#stream, this.#range.last);
      this.#token = end;
      return lines;
    }
    const lines: LogLine[] = [];
    for (;;) {
      const page = await readPage(this.#clients, this.#stream, { from: 'head', token: this.#token });
      if (page === undefined) return lines;
      lines.push(...page.lines);
      // CloudWatch Logs returns the same token again at the end of a stream.
      if (page.forward === undefined || page.forward === this.#token) return lines;
      this.#token = page.forward;
    }
  }
}

/** The last lines of a log stream, oldest first. */
export async function readLastLines(
  clients: Pick<Clients, 'logs'>,
  group: string,
  stream: string,
  count: number,
): Promise<LogLine[]> {
  return (await readEnd(clients, { group, stream }, count)).lines;
}

interface LogStream {
  readonly group: string;
  readonly stream: string;
  readonly since?: Date;
}

/** AWS CloudWatch Logs, `GetLogEvents`: maximum number of events in one response. */
const largestPage = 10_000;

/** The last lines, and the token that continues after them. */
async function readEnd(
  clients: Pick<Clients, 'logs'>,
  stream: LogStream,
  count: number,
): Promise<{ readonly lines: LogLine[]; readonly end: string | undefined }> {
  let lines: LogLine[] = [];
  let end: string | undefined;
  let token: string | undefined;
  // A page can have fewer lines than asked for, because its size is limited too.
  for (;;) {
    const limit = Math.min(Math.max(1, count - lines.length), largestPage);
    const page = await readPage(clients, stream, { from: 'end', token, limit });
    if (page === undefined) return { lines, end };
    end ??= page.forward;
    lines = [...page.lines, ...lines];
    if (lines.length >= count) return { lines: count === 0 ? [] : lines.slice(-count), end };
    if (page.backward === undefined || page.backward === token) return { lines, end };
    token = page.backward;
  }
}

interface Page {
  readonly lines: readonly LogLine[];
  readonly forward: string | undefined;
  readonly backward: string | undefined;
}

/** @returns `undefined` when the stream does not exist yet */
async function readPage(
  clients: Pick<Clients, 'logs'>,
  { group, stream, since }: LogStream,
  {
    from,
    token,
    limit,
  }: { readonly from: 'head' | 'end'; readonly token: string | undefined; readonly limit?: number },
): Promise<Page | undefined> {
  try {
    const { events, nextForwardToken, nextBackwardToken } = await clients.logs.send(
      new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: from === 'head',
        nextToken: token,
        ...given({ startTime: since?.getTime(), limit }),
      }),
    );
    return {
      lines: (events ?? []).map(({ timestamp, message }) => logLine(timestamp, message)),
      forward: nextForwardToken,
      backward: nextBackwardToken,
    };
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function logLine(timestamp: number | undefined, message = ''): LogLine {
  const time = new Date(timestamp ?? 0);
  if (message.startsWith(commandsMark)) return { time, source: 'commands', text: message.slice(commandsMark.length) };
  // Lines that are not JSON come from a crash before the runner's log was set up.
  const level = textIn(message, 'level');
  const known = level === 'info' || level === 'warning' || level === 'error' ? ({ level } as const) : {};
  return { time, source: 'runner', text: textIn(message, 'message') ?? message, ...known };
}
