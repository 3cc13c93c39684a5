import type { ParallelChooserStep, Step, Workflow } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { BoxNode, Compartment, Flow, FlowEdge, FlowNode } from './model.js';
import { shapeOf, stepText } from './step-text.js';

/**
 * Converts a workflow to boxes and arrows.
 *
 * @param workflow the normalised model, as returned by `parse` of `@bclaw/spec`
 * @example
 * ```ts
 * const { workflow } = parse(text);
 * if (workflow !== undefined) console.log(flowOf(workflow).nodes.length);
 * ```
 */
export function flowOf(workflow: Workflow): Flow {
  return new FlowBuilder().block(workflow.steps);
}

/** Creates ids that are short, plain and unique in the whole picture, whatever the names of the steps. */
class FlowBuilder {
  #count = 0;

  #id(letter: string): string {
    this.#count += 1;
    return `${letter}${this.#count}`;
  }

  block(steps: readonly Step[]): Flow {
    const start = this.#id('n');
    const ids = new Map(steps.map((step) => [step.name, this.#id('n')]));
    const end = this.#id('n');
    const idOf = (name: string | undefined): string => (name === undefined ? end : (ids.get(name) ?? end));

    const [first] = steps;
    const edges: FlowEdge[] = [{ id: this.#id('e'), from: start, to: idOf(first?.name), kind: 'order' }];
    for (const [index, step] of steps.entries()) {
      const from = idOf(step.name);
      if (step.kind === 'chooser')
        for (const choice of step.choices)
          edges.push({ id: this.#id('e'), from, to: idOf(choice.next), kind: 'choice', label: choice.if });
      if (step.kind === 'native')
        for (const { errors, next } of step.catch) {
          const label = `on ${errors.length === 0 ? 'an error' : errors.join(', ')}`;
          edges.push({ id: this.#id('e'), from, to: idOf(next), kind: 'choice', label });
        }
      // Nothing follows the end of an execution.
      if (step.kind === 'native' && (step.type === 'Fail' || step.type === 'Succeed')) continue;
      const kind = step.next === undefined || step.next === steps[index + 1]?.name ? 'order' : 'jump';
      const label = step.kind === 'chooser' ? { label: 'otherwise' } : {};
      edges.push({ id: this.#id('e'), from, to: idOf(step.next), kind, ...label });
    }
    const nodes = steps.map((step) => this.#node(idOf(step.name), step));
    const reachesEnd = edges.some(({ to }) => to === end);
    return {
      nodes: [{ kind: 'start', id: start }, ...nodes, ...(reachesEnd ? [{ kind: 'end', id: end } as const] : [])],
      edges,
    };
  }

  #node(id: string, step: Step): FlowNode {
    const text = stepText(step);
    switch (step.kind) {
      case 'scatter':
        return this.#box(id, 'scatter', text, [this.#compartment(step.steps)]);
      case 'parallel-chooser':
        return this.#box(id, 'parallel-chooser', text, this.#conditionalBranches(step));
      case 'native':
        if (step.type === 'Parallel') {
          const branches = step.branches.map((branch) => this.#compartment(branch));
          return this.#box(id, 'parallel', text, branches);
        }
        return { kind: 'step', id, shape: shapeOf(step), ...text };
      case 'batch':
      case 'subpipe':
      case 'chooser':
        return { kind: 'step', id, shape: shapeOf(step), ...text };
    }
  }

  #conditionalBranches({ branches }: ParallelChooserStep): Compartment[] {
    return branches.map((branch) => this.#compartment(branch.steps, branch.if ?? 'always'));
  }

  #compartment(steps: readonly Step[], label?: string): Compartment {
    return { id: this.#id('b'), flow: this.block(steps), ...given({ label }) };
  }

  #box(id: string, shape: BoxNode['shape'], text: ReturnType<typeof stepText>, compartments: Compartment[]): BoxNode {
    return { kind: 'box', id, shape, ...text, compartments };
  }
}
