import type { FieldChange, Plan, StepChange } from '@bclaw/ops';
import type { Terminal } from './terminal.js';

type Style = Terminal['dataStyle'];

/** A plan as text: the outcome, then each step that would be added, removed or changed. */
export function planLines(plan: Plan, style: Style): string[] {
  const blocks = [
    [headline(plan)],
    ...plan.steps.map((step) => stepLines(step, style)),
    ...(plan.order === undefined
      ? []
      : [
          [
            'order of the steps',
            `    ${style.red(`- ${plan.order.before.join(', ')}`)}`,
            `    ${style.green(`+ ${plan.order.after.join(', ')}`)}`,
          ],
        ]),
    section('the workflow', plan.settings, style),
    section(parametersHeading(plan), plan.parameters, style),
    section('what it uses of bclaw', plan.platform, style),
    ...notes(plan).map((note) => [style.dim(note)]),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function headline({ workflow, outcome, live, steps }: Plan): string {
  const now = live?.version === undefined ? 'what is deployed' : `version ${live.version}, which is live`;
  switch (outcome) {
    case 'create':
      return `${workflow}: would be deployed for the first time, with ${count(steps.length, 'step')}.`;
    case 'unchanged':
      return `${workflow}: no changes; the template is the same as ${now}.`;
    case 'drifted':
      return `${workflow}: the template is the one that was deployed as ${now}, but what is there has been changed by hand since.`;
    case 'update':
      return `${workflow}: would replace ${now}.`;
    default:
      return outcome satisfies never;
  }
}

function notes({ outcome, live, steps, settings, platform, order, unchanged }: Plan): string[] {
  const same = steps.length + settings.length + platform.length === 0 && order === undefined;
  return [
    ...(live?.damage === undefined ? [] : [`There is nothing to compare with: ${live.damage}.`]),
    ...(live?.sharesWith === undefined
      ? []
      : [`Version ${live.sharesWith}, which gets a share of the jobs now, would get none.`]),
    ...(outcome === 'update' && same && live?.damage === undefined
      ? ['Nothing of the workflow itself differs; a hidden parameter or the core stack may.']
      : []),
    ...(outcome === 'drifted' ? ['`bclaw deploy --force` puts it right.'] : []),
    ...(unchanged.length > 0 && steps.length > 0 ? [`${count(unchanged.length, 'step')} unchanged.`] : []),
  ];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function parametersHeading({ live }: Plan): string {
  return live === undefined || live.isNewest
    ? 'parameters'
    : 'parameters, compared with the last deployment (which is not live)';
}

const marks = { added: '+', removed: '-', changed: '~' } as const;

function stepLines({ step, change, kind, inside, fields }: StepChange, style: Style): string[] {
  const paint = { added: style.green, removed: style.red, changed: style.yellow }[change];
  const where = inside === undefined ? '' : ` in ${inside}`;
  const heading = `${paint(`${marks[change]} ${step}`)} ${style.dim(`(${kind}${where})`)}`;
  // The fields of a removed step can be read from its version.
  return change === 'removed' ? [heading] : [heading, ...fieldLines(fields, style)];
}

function section(heading: string, fields: readonly FieldChange[], style: Style): string[] {
  return fields.length === 0 ? [] : [heading, ...fieldLines(fields, style)];
}

function fieldLines(fields: readonly FieldChange[], style: Style): string[] {
  const width = Math.max(...fields.map(({ field }) => field.length));
  return fields.flatMap(({ field, before, after }) => {
    const [old, now] = [valueLines(before), valueLines(after)];
    if (old.length <= 1 && now.length <= 1) {
      const values = [...old.map(style.red), ...now.map(style.green)];
      return [`    ${field.padEnd(width)}  ${values.join(' → ')}${now.length === 0 ? ' (gone)' : ''}`];
    }
    return [`    ${field}`, ...changedLines(old, now, style).map((line) => `      ${line}`)];
  });
}

/** A value as lines: a script line by line, everything else on one. */
function valueLines(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) {
    return value.flatMap((line) => line.replace(/\n$/, '').split('\n'));
  }
  return typeof value === 'string' ? value.split('\n') : [JSON.stringify(value)];
}

/** Old and new lines, without their common beginning and end. */
function changedLines(old: readonly string[], now: readonly string[], style: Style): string[] {
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...(head > 0 ? [style.dim(`  (${count(head, 'line')} as before)`)] : []),
    ...old.slice(head, old.length - tail).map((line) => style.red(`- ${line}`)),
    ...now.slice(head, now.length - tail).map((line) => style.green(`+ ${line}`)),
    ...(tail > 0 ? [style.dim(`  (${count(tail, 'line')} as before)`)] : []),
  ];
}
