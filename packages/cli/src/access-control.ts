import type { EngineOptions } from '@bclaw/local';
import { given } from '@bclaw/spec/given';
import type { Terminal } from './terminal.js';

/** The mode of access control as options of an engine just for a command; a report is for the user to read. */
export function accessControl(iam: EngineOptions['iam'], terminal: Terminal): Pick<EngineOptions, 'iam' | 'log'> {
  const log = { info: () => {}, error: (message: string) => terminal.warn(message) };
  return { ...given({ iam }), ...(iam === 'report' ? { log } : {}) };
}
