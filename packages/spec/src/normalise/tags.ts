import type { Tags } from '../model.js';
import type { Report } from '../report.js';
import { asText } from '../scalars/text.js';
import { withoutReferences } from '../substitution/references.js';
import { setEntry } from '../syntax/document.js';
import { type Field, pathOf } from './field.js';
import { type Named, namedEntries } from './named-entries.js';

/** The target of the tags: objects in S3, or jobs of AWS Batch. */
export type Tagged = 'objects' | 'jobs';

/** Tags in either spelling; values are converted to texts. */
export function tagsOf(
  source: Named<string | number | boolean> | undefined,
  field: Field,
  tagged: Tagged,
  report: Report,
): Tags {
  const tags: Record<string, string> = {};
  for (const entry of namedEntries(source, field, report)) {
    const text = asText(entry.value);
    checkTag(entry.key, text, entry, tagged, report);
    setEntry(tags, entry.key, text);
  }
  return tags;
}

/** Reports a tag that AWS would reject: for S3, that would only happen when the job uploads its outputs. */
export function checkTag(name: string, value: string, field: Field, tagged: Tagged, report: Report): void {
  const problem = nameProblem(name, tagged);
  if (problem !== undefined)
    report.error('bad-tag', pathOf(field), problem.message, { hint: problem.hint, spot: 'key' });
  else if (!isTagText(value))
    report.error('bad-tag', pathOf(field), `${quoted(value)} cannot be the value of a tag.`, { hint: allowed });
}

/** The characters that the S3 and Batch guides allow in tags. */
const tagText = /^[\p{L}\p{N}\p{Z}_.:/=+@-]*$/u;
const allowed = 'Tags have letters, digits, spaces and "_", ".", ":", "/", "=", "+", "-", "@".';

/** The values of references are not known yet, so only the other text is checked. */
function isTagText(text: string): boolean {
  return tagText.test(withoutReferences(text, ''));
}

function nameProblem(name: string, tagged: Tagged): { readonly message: string; readonly hint: string } | undefined {
  const hint = 'Choose another name.';
  if (name === '') return { message: 'A tag has no name.', hint: 'Write one before the colon.' };
  if (/^aws:/i.test(name)) return { message: 'Tags whose names begin with "aws:" are for AWS alone.', hint };
  if ((tagged === 'jobs' ? /^bclaw:/ : /^bclaw\./).test(name))
    return { message: `bclaw itself sets tags such as ${quoted(name)}.`, hint };
  if (tagged === 'jobs' && /^(?:Ref|Fn::.*)$/.test(name))
    return { message: `CloudFormation takes a tag called ${quoted(name)} for a function of its own.`, hint };
  return isTagText(name) ? undefined : { message: `${quoted(name)} cannot be the name of a tag.`, hint: allowed };
}

const quoted = (text: string): string => JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`);
