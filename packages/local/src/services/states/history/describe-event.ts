import { shownError } from '../interpreter/data/retry.js';
import type { HistoryEvent } from './event-record.js';
import { dataFieldNames, shapeOf } from './event-types.js';

const notTruncated = { truncated: false };

/** The names of the details members that accompany a data field. */
const companions: Readonly<Record<string, string>> = { input: 'inputDetails', output: 'outputDetails' };

/**
 * Returns an event as in the output of GetExecutionHistory.
 *
 * @param includeData false omits inputs, outputs and variables
 */
export function describeEvent(event: HistoryEvent, includeData: boolean): Record<string, unknown> {
  const { detailsMember, hidden } = shapeOf(event.type);
  const details: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(event.details)) {
    if (hidden.includes(field)) continue;
    const companion = companions[field];
    if (!includeData && (dataFieldNames.includes(field) || field === 'assignedVariables') && field !== 'parameters') {
      continue;
    }
    details[field] = field === 'error' && typeof value === 'string' ? shownError(value) : value;
    if (companion !== undefined) details[companion] = notTruncated;
    if (field === 'assignedVariables') details['assignedVariablesDetails'] = notTruncated;
  }
  return {
    timestamp: new Date(event.time),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(detailsMember === undefined ? {} : { [detailsMember]: details }),
  };
}
