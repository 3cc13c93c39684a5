import { Errors } from 'typebox/schema';
import { nearest } from '../nearest.js';
import { asText } from '../scalars/text.js';
import { isMap } from '../syntax/document.js';

/**
 * Validates job data against the `JobSchema` of a template.
 *
 * @param schema a JSON Schema, as in the template
 * @param job the value of a job file, numbers as JavaScript's
 * @returns every fault as a sentence; none when the data fit
 * @example
 * ```ts
 * jobFaults({ required: ['SAMPLE_ID'], properties: { SAMPLE_ID: { type: 'string' } } }, { SAMPLEID: 's1' });
 * // ['`SAMPLE_ID` is missing; `SAMPLEID` may be meant for it.']
 * ```
 */
export function jobFaults(schema: Readonly<Record<string, unknown>>, job: unknown): string[] {
  const [ok, errors] = Errors(schema, job);
  if (ok) return [];
  const faults = errors.flatMap((error) => sentences(error, schema, job));
  return [...new Set(faults)];
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function sentences(error: SchemaError, schema: unknown, job: unknown): string[] {
  const steps = pointerSteps(error.instancePath);
  const place = placeOf(steps);
  const value = valueAt(job, steps);
  const present = isMap(value) ? Object.keys(value) : [];
  const declared = namesDeclaredAt(schema, pointerSteps(error.schemaPath.replace(/^#/, '')));
  switch (error.keyword) {
    case 'required':
      return textsIn(error.params, 'requiredProperties').map((name) => {
        const meant = nearest(
          name,
          present.filter((other) => !declared.includes(other)),
        );
        return `\`${inside(place, name)}\` is missing${meant === undefined ? '' : `; \`${inside(place, meant)}\` may be meant for it`}.`;
      });
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return textsIn(error.params, error.keyword).map((name) => {
        const meant = nearest(
          name,
          declared.filter((other) => !present.includes(other)),
        );
        return `\`${inside(place, name)}\` is not a value of this workflow${meant === undefined ? '' : `; did you mean \`${inside(place, meant)}\`?`}${meant === undefined ? '.' : ''}`;
      });
    case 'boolean':
      // Each superfluous name is also in the error of its object.
      return /\/(?:additional|unevaluated)Properties$/.test(error.schemaPath) ? [] : [`\`${place}\` is not allowed.`];
    case 'enum': {
      const allowed = 'allowedValues' in error.params ? error.params.allowedValues : [];
      const words = Array.isArray(allowed) ? allowed.map(shown).join(', ') : '';
      return [`${subject(place)} must be one of ${words}, not ${shown(value)}.`];
    }
    default:
      return [`${subject(place)} ${error.message}${isMap(value) ? '' : `, not ${shown(value)}`}.`];
  }
}

const subject = (place: string): string => (place === '' ? 'The job data' : `\`${place}\``);

const inside = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);

/** `['lanes', '1', 'id']` → `lanes[1].id` */
const placeOf = (steps: readonly string[]): string =>
  steps.reduce((place, step) => (/^\d+$/.test(step) && place !== '' ? `${place}[${step}]` : inside(place, step)), '');

/** The steps of a JSON pointer (RFC 6901). */
const pointerSteps = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(root: unknown, steps: readonly string[]): unknown {
  let node = root;
  for (const step of steps) {
    if (Array.isArray(node)) node = node[Number(step)];
    else if (isMap(node) && Object.hasOwn(node, step)) node = node[step];
    else return undefined;
  }
  return node;
}

/** The names that the schema at this place declares. */
function namesDeclaredAt(schema: unknown, steps: readonly string[]): string[] {
  const part = valueAt(schema, steps);
  return isMap(part) && isMap(part['properties']) ? Object.keys(part['properties']) : [];
}

function textsIn(params: object, member: string): string[] {
  const found: unknown = Object.entries(params).find(([name]) => name === member)?.[1];
  return Array.isArray(found) ? found.map(String) : [];
}

/** A value in a sentence, cut when it is long. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : asText(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
