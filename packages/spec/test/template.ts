import { type Diagnostic, parse, type Step, type Workflow } from '@bclaw/spec';

/** A template with the given lines as its steps, each beginning `  - name:`. */
export function template(steps: string, head = ''): string {
  return `Transform: BC2_Compiler\nRepository: s3://my-bucket/repo/\${job.ID}\n${head}Steps:\n${steps}`;
}

/** The workflow of a template that must not have errors. */
export function workflowOf(text: string, parameters: Record<string, string> = {}): Workflow {
  const { workflow, diagnostics } = parse(text, { parameters });
  if (workflow === undefined) throw new Error(diagnostics.map(brief).join('\n'));
  return workflow;
}

/** The first step of a workflow whose only step has the given fields. */
export function stepWith(fields: string, head = ''): Step {
  const [step] = workflowOf(template(`  - only:\n${indented(fields)}`, head)).steps;
  if (step === undefined) throw new Error('no step');
  return step;
}

/** Diagnostics for a template whose only step has the given fields, as `line:column severity code`. */
export function findingsIn(fields: string, head = ''): string[] {
  return findings(template(`  - only:\n${indented(fields)}`, head));
}

/** Diagnostics for a template, as `line:column severity code`. */
export function findings(text: string, parameters: Record<string, string> = {}): string[] {
  return parse(text, { parameters }).diagnostics.map(brief);
}

function brief({ range, severity, code }: Diagnostic): string {
  return `${range?.start.line}:${range?.start.column} ${severity} ${code}`;
}

function indented(fields: string): string {
  return fields
    .trim()
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('');
}
