import { setTimeout as delay } from 'node:timers/promises';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { localMessagesCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { requireEngine } from '../engine-file.js';
import type { Terminal } from '../terminal.js';

type MessagesOptions = OptionsOf<typeof localMessagesCommand>;

/** A published message, from the engine's page `/_bclaw/messages`. */
interface PublishedMessage {
  readonly sequence: number;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, { readonly StringValue?: string }>>;
  /** ISO 8601. */
  readonly publishedAt: string;
}

/** Polling interval of `--follow`, in milliseconds. */
const followMs = 300;

/**
 * `bclaw local messages`: the messages published to SNS topics; with `--json` one object per line, also with
 * `--follow`.
 */
export async function messages(options: MessagesOptions, terminal: Terminal): Promise<void> {
  const { url } = await requireEngine(options);
  let after = 0;
  for (;;) {
    const page = await readPage(url, options.topic, after);
    for (const message of page) show(message, options, terminal);
    after = page.at(-1)?.sequence ?? after;
    if (page.length > 0) continue;
    if (options.follow !== true) break;
    await delay(followMs);
  }
  if (after === 0 && options.json !== true) terminal.note('Nothing was published.');
}

async function readPage(url: string, topic: string | undefined, after: number): Promise<readonly PublishedMessage[]> {
  const query = new URLSearchParams({ after: String(after), ...given({ topic }) });
  const answer: unknown = await (await fetch(`${url}/_bclaw/messages?${query}`)).json();
  if (isPage(answer)) return answer.messages;
  throw new BclawError('unexpected', `The engine at ${url} did not answer with messages: ${JSON.stringify(answer)}`);
}

/** The page belongs to the engine of this same version of bclaw. */
const isPage = (answer: unknown): answer is { readonly messages: readonly PublishedMessage[] } =>
  typeof answer === 'object' && answer !== null && 'messages' in answer && Array.isArray(answer.messages);

function show(message: PublishedMessage, { json }: MessagesOptions, terminal: Terminal): void {
  if (json === true) {
    terminal.data(JSON.stringify(message));
    return;
  }
  const { bold, dim, cyan } = terminal.dataStyle;
  const topic = message.topicArn.slice(message.topicArn.lastIndexOf(':') + 1);
  const time = message.publishedAt.slice(0, 19).replace('T', ' ');
  terminal.data([dim(time), cyan(topic), bold(message.subject ?? '')].join('  ').trimEnd());
  const attributes = Object.entries(message.attributes).map(([name, { StringValue = '' }]) => `${name}=${StringValue}`);
  if (attributes.length > 0) terminal.data(dim(`  ${attributes.join(' ')}`));
  for (const line of message.message.trimEnd().split('\n')) terminal.data(`  ${line}`.trimEnd());
  terminal.data('');
}
