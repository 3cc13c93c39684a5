import type { StackEvent } from '@bclaw/ops';
import type { Terminal } from './terminal.js';

/** Shows a stack's events: all of them on a terminal, only failures in a log. */
export function showStackEvent(terminal: Terminal): (event: StackEvent) => void {
  const { red, dim } = terminal.noteStyle;
  return ({ logicalId, resourceType, status, reason }) => {
    const failed = status.endsWith('_FAILED');
    const line = `  ${logicalId} ${dim(resourceType)} ${status}${reason === undefined ? '' : `: ${reason}`}`;
    if (failed) terminal.note(red(line));
    else if (status.endsWith('_COMPLETE')) terminal.progress(line);
  };
}
