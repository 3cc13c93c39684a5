/** A log group. Times are in epoch milliseconds. */
export interface LogGroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly retentionInDays?: number;
  readonly logGroupClass: string;
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A log stream; its events are in its file. Times are in epoch milliseconds. */
export interface LogStreamRecord {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  /** The name of the file below the service's directory. */
  readonly file: string;
}

/** A line of a log. Times are in epoch milliseconds. */
export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** An event with its position: the byte at which its line starts in the stream's file. */
export interface PlacedEvent extends LogEvent {
  readonly offset: number;
  /** The byte after its line. */
  readonly end: number;
}

/** A stream's key in the journal: CloudWatch Logs allows a colon in neither name. */
export function streamKey(group: string, stream: string): string {
  return `${group}:${stream}`;
}
