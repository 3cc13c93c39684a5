import { given } from '@bclaw/spec/given';
import { explainError } from '../aws/explain-error.js';

/** The parts of an installation that are examined, in this order. */
export type Examined =
  | 'region'
  | 'credentials'
  | 'core'
  | 'quotas'
  | 'bucket'
  | 'macro'
  | 'functions'
  | 'queues'
  | 'runner image'
  | 'workflows'
  | 'launches'
  | 'dead letters';

/** One thing that is as it should be, or not. */
export interface Finding {
  readonly part: Examined;
  /** `warning`: jobs run, but something may surprise, or could not be examined. `error`: something does not work. */
  readonly status: 'ok' | 'warning' | 'error';
  /** A sentence. */
  readonly message: string;
  /** Advice; absent when it is ok. */
  readonly hint?: string;
}

/** A finding without its part. */
export type Outcome = Omit<Finding, 'part'>;

export const ok = (message: string): Outcome => ({ status: 'ok', message });
export const warning = (message: string, hint: string): Outcome => ({ status: 'warning', message, hint });
export const error = (message: string, hint: string): Outcome => ({ status: 'error', message, hint });

/** An examination that fails is a finding, too: lack of a permission says nothing about the installation. */
export async function examine(part: Examined, look: () => Promise<readonly Outcome[]>): Promise<readonly Finding[]> {
  try {
    return (await look()).map((outcome) => ({ part, ...outcome }));
  } catch (thrown) {
    const { code, message, hint } = explainError(thrown);
    const status = code === 'access-denied' || code === 'throttled' ? 'warning' : 'error';
    return [{ part, status, message: status === 'warning' ? `Not examined: ${message}` : message, ...given({ hint }) }];
  }
}
