import { launcherFunctionName, launchQueueReceives } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';

/** A job file that a launcher could not launch, in three tries. */
export interface DeadLetter {
  /** Id of the message in the core's dead-letter queue. */
  readonly id: string;
  readonly workflow: string;
  /** The job file; absent when the event was not about a job file. */
  readonly jobFile?: { readonly bucket: string; readonly key: string; readonly version: string };
  /** Time of the last failure; of the upload, if no launcher came back from it. */
  readonly failedAt: Date;
  readonly attempts: number;
  /** The launcher's version that failed last; absent when none ran. */
  readonly launcherVersion?: string;
  /** The error, or the reason why nothing was launched. */
  readonly reason: string;
  /** The original event, for {@link redriveDeadLetters}. */
  readonly event: unknown;
}

/** The launcher's own name in the ARN of an invocation record: `…:function:<workflow>-launcher:live`. */
const launcherArn = new RegExp(`:function:${launcherFunctionName('(?<workflow>.+)')}(?::[^:]+)?$`);

/**
 * Reads a message of the dead-letter queue: Lambda's invocation record, which launchers write, too, or the event of a job
 * file, which SQS moves there when no launcher ever came back from it.
 *
 * @returns `undefined` for a message in any other format
 */
export function parseDeadLetter(id: string, body: string): DeadLetter | undefined {
  const record = parseJson(body);
  return parseRecord(id, record) ?? parseMovedEvent(id, record);
}

function parseRecord(id: string, record: unknown): DeadLetter | undefined {
  const request = member(record, 'requestContext');
  const workflow = launcherArn.exec(text(member(request, 'functionArn')) ?? '')?.groups?.['workflow'];
  if (workflow === undefined || !has(record, 'requestPayload')) return undefined;
  const event = member(record, 'requestPayload');
  const file = jobFile(event);
  const launcherVersion = text(member(member(record, 'responseContext'), 'executedVersion'));
  return {
    id,
    workflow,
    ...given({ jobFile: file }),
    failedAt: new Date(text(member(record, 'timestamp')) ?? 0),
    attempts: Number(member(request, 'approximateInvokeCount') ?? 0),
    ...given({ launcherVersion }),
    reason: reason(member(record, 'responsePayload'), text(member(request, 'condition'))),
    event,
  };
}

function parseMovedEvent(id: string, event: unknown): DeadLetter | undefined {
  const file = jobFile(event);
  // Keys are `<workflow>/…` or `<workflow>:<version>/…`.
  const workflow = file?.key.split(/[/:]/, 1)[0];
  if (file === undefined || workflow === undefined || text(member(event, 'source')) !== 'aws.s3') return undefined;
  return {
    id,
    workflow,
    jobFile: file,
    failedAt: new Date(text(member(event, 'time')) ?? 0),
    attempts: launchQueueReceives,
    reason: 'No launcher came back from it: see their log',
    event,
  };
}

function reason(response: unknown, condition: string | undefined): string {
  const [type, message] = [text(member(response, 'errorType')), text(member(response, 'errorMessage'))];
  if (message !== undefined) return type === undefined ? message : `${type}: ${message}`;
  if (condition === 'EventAgeExceeded') return 'Lambda had no capacity for it until the event was too old';
  return condition ?? 'Lambda gives no reason';
}

/** EventBridge's event, or the output of an input transformer; see `jobFileFromEvent` of @bclaw/launcher. */
function jobFile(event: unknown): DeadLetter['jobFile'] {
  const detail = member(event, 'detail');
  const object = member(detail, 'object');
  const bucket = text(member(member(detail, 'bucket'), 'name')) ?? text(member(event, 'bucket'));
  const key = text(member(object, 'key')) ?? text(member(event, 'key'));
  if (bucket === undefined || key === undefined) return undefined;
  return { bucket, key, version: text(member(object, 'version-id')) ?? text(member(event, 'version')) ?? '' };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // a foreign message
  }
}

const has = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && name in value;
const member = (value: unknown, name: string): unknown => (has(value, name) ? value[name] : undefined);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
