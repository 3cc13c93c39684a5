import { given } from '@bclaw/spec/given';
import { compareFields, type FieldChange } from './fields.js';
import type { StepKind, StepView, WorkflowView } from './workflow-view.js';

/** A step that a deployment would add, remove or change. */
export interface StepChange {
  readonly step: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: StepKind;
  /** The step that contains it; absent at the top level. */
  readonly inside?: string;
  /** The differences; for a step that is added or removed, all of its fields. */
  readonly fields: readonly FieldChange[];
}

export interface ViewDifference {
  /** In the order of the template; steps that are removed come last. */
  readonly steps: readonly StepChange[];
  /** Names of the steps that stay as they are. */
  readonly unchanged: readonly string[];
  /** The order of the steps that both have, if it differs. */
  readonly order?: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly settings: readonly FieldChange[];
  readonly platform: readonly FieldChange[];
}

/** Compares two workflows step by step; steps are the same when they have the same name. */
export function compareViews(before: WorkflowView, after: WorkflowView): ViewDifference {
  const old = new Map(before.steps.map((step) => [step.name, step]));
  const now = new Set(after.steps.map(({ name }) => name));
  const steps: StepChange[] = [];
  const unchanged: string[] = [];
  for (const step of after.steps) {
    const earlier = old.get(step.name);
    const fields = compareFields(earlier === undefined ? {} : described(earlier, step), described(step, earlier));
    if (earlier !== undefined && fields.length === 0) unchanged.push(step.name);
    else steps.push({ ...about(step), change: earlier === undefined ? 'added' : 'changed', fields });
  }
  for (const step of before.steps) {
    if (!now.has(step.name)) {
      steps.push({ ...about(step), change: 'removed', fields: compareFields(step.fields, {}) });
    }
  }
  const order = {
    before: before.steps.map(({ name }) => name).filter((name) => now.has(name)),
    after: after.steps.map(({ name }) => name).filter((name) => old.has(name)),
  };
  return {
    steps,
    unchanged,
    ...(order.before.join('\n') === order.after.join('\n') ? {} : { order }),
    settings: compareFields(before.settings, after.settings),
    platform: compareFields(before.platform, after.platform),
  };
}

const about = ({ name, kind, inside }: StepView) => ({
  step: name,
  kind,
  ...given({ inside }),
});

/** A step's fields, with kind and position if they differ from the other's. */
function described(step: StepView, other: StepView | undefined) {
  if (other === undefined) return step.fields;
  return {
    ...(step.kind === other.kind ? {} : { kind: step.kind }),
    ...(step.inside === other.inside ? {} : { inside: step.inside ?? 'the workflow itself' }),
    ...step.fields,
  };
}
