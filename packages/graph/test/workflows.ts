import { readFileSync } from 'node:fs';
import { parse, type Workflow } from '@bclaw/spec';
import fc from 'fast-check';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The workflow of a template; a template with errors fails the test. */
function workflowOf(text: string): Workflow {
  const { workflow, diagnostics } = parse(text);
  if (workflow === undefined) throw new Error(JSON.stringify(diagnostics));
  return workflow;
}

export const sixtySteps = (): Workflow => workflowOf(read('corpus/sixty-steps.yaml'));
export const everything = (): Workflow => workflowOf(read('../../spec/test/corpus/everything.yaml'));

const head = 'Repository: s3://data/${job.id}\nTransform: BC2_Compiler\nSteps:\n';

/** A workflow with the given steps and a standard head. */
export const steps = (text: string): Workflow => workflowOf(`${head}${text}`);

const oddName = fc
  .stringMatching(/^[A-Za-z0-9_<>&"'#;:|{}()[\]`%é日😀 -]{1,60}$/u)
  .filter((name) => name.trim() === name);
const condition = fc.constantFrom(
  'a.x > 1',
  'a.text == "<&>"',
  'len([x for x in a.list if x.value > 100 and x.name != "日本語"]) > 3 and not a.something_with_a_very_long_name_indeed',
);

interface Plan {
  readonly kind: 'batch' | 'wait' | 'fail' | 'subpipe' | 'chooser' | 'scatter' | 'parallel-chooser' | 'parallel';
  /** Index of the next step in the block; beyond the end = the following step. */
  readonly next: number;
  readonly choices: readonly { readonly condition: string; readonly next: number }[];
  readonly blocks: readonly (readonly Plan[])[];
  readonly name: string;
}

const kinds = fc.constantFrom<Plan['kind']>(
  'batch',
  'batch',
  'wait',
  'fail',
  'subpipe',
  'chooser',
  'scatter',
  'parallel-chooser',
  'parallel',
);

const { block } = fc.letrec<{ block: Plan[]; plan: Plan }>((tie) => ({
  block: fc.array(tie('plan'), { minLength: 1, maxLength: 6, depthIdentifier: 'blocks' }),
  plan: fc.record({
    kind: kinds,
    next: fc.nat(14),
    choices: fc.array(fc.record({ condition, next: fc.nat(5) }), { minLength: 1, maxLength: 3 }),
    blocks: fc.oneof(
      { depthIdentifier: 'blocks', maxDepth: 3 },
      fc.constant([]),
      fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
    ),
    name: oddName,
  }),
}));

/** Any workflow: every kind of step, nested, with jumps forwards and backwards and with unusual names. */
export const anyWorkflow: fc.Arbitrary<Workflow> = block.map((plans) => {
  let count = 0;
  const build = (each: readonly Plan[]): object[] => {
    const names = each.map(({ name }) => {
      count += 1;
      return `${name}${count}`;
    });
    return each.map((plan, index) => ({ [names[index] ?? '']: stepOf(plan, index, names, build) }));
  };
  const Steps = build(plans);
  const { workflow, diagnostics } = parse(
    JSON.stringify({ Transform: 'BC2_Compiler', Repository: 's3://data/${job.id}', Steps }),
  );
  if (workflow === undefined) throw new Error(JSON.stringify(diagnostics));
  return workflow;
});

const image = 'public.ecr.aws/some/image-with-a-long-name:1.2.3';
const leaf = { image, inputs: {}, commands: 'true' };

function stepOf(
  { kind, next, choices, blocks }: Plan,
  index: number,
  names: readonly string[],
  build: (plans: readonly Plan[]) => object[],
): object {
  const jump = names[next] === undefined ? {} : { next: names[next] };
  const at = (place: number): string => names[place % names.length] ?? '';
  if (blocks.length > 0) {
    if (kind === 'parallel')
      return { Type: 'Parallel', Branches: blocks.map((each) => ({ steps: build(each) })), ...jump };
    if (kind === 'parallel-chooser') {
      const branches = blocks.map((each, branch) => {
        const chosen = choices[branch];
        return { ...(chosen === undefined ? {} : { if: chosen.condition }), steps: build(each) };
      });
      return { inputs: { a: 'a.json' }, branches, ...jump };
    }
    if (kind === 'scatter') return { scatter: { item: [1, 2] }, steps: build(blocks[0] ?? []), ...jump };
  }
  // A chooser needs a step after it.
  if (kind === 'chooser' && index < names.length - 1)
    return { inputs: { a: 'a.json' }, choices: choices.map((each) => ({ if: each.condition, next: at(each.next) })) };
  if (kind === 'wait') return { Type: 'Wait', Seconds: 5, ...jump };
  if (kind === 'fail') return { Type: 'Fail', Error: 'No' };
  if (kind === 'subpipe') return { subpipe: 'another', ...jump };
  return { ...leaf, ...jump };
}
