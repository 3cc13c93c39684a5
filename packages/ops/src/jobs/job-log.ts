import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
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

/** A log stream; each read continues where the last one ended. */
export class JobLogReader {
  readonly #clients: Pick<Clients, 'logs'>;
  readonly #group: string;
  readonly #stream: string;
  #token: string | undefined;

  constructor(clients: Pick<Clients, 'logs'>, group: string, stream: string) {
    this.#clients = clients;
    this.#group = group;
    this.#stream = stream;
  }

  /** The lines since the last read; none when the stream does not exist yet. */
  async read(): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (;;) {
      const page = await this.#page(this.#token);
      if (page === undefined) return lines;
      lines.push(...page.lines);
      // CloudWatch Logs returns the same token again at the end of a stream.
      if (page.token === undefined || page.token === this.#token) return lines;
      this.#token = page.token;
    }
  }

  async #page(nextToken: string | undefined): Promise<{ lines: LogLine[]; token: string | undefined } | undefined> {
    try {
      const { events, nextForwardToken } = await this.#clients.logs.send(
        new GetLogEventsCommand({
          logGroupName: this.#group,
          logStreamName: this.#stream,
          startFromHead: true,
          nextToken,
        }),
      );
      return {
        lines: (events ?? []).map(({ timestamp, message }) => logLine(timestamp, message)),
        token: nextForwardToken,
      };
    } catch (error) {
      if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
      throw error;
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
  try {
    const { events } = await clients.logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, startFromHead: false, limit: count }),
    );
    return (events ?? []).map(({ timestamp, message }) => logLine(timestamp, message));
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return [];
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
