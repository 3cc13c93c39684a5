import { compile } from '@bclaw/compiler';
import type { Workflow } from '@bclaw/spec';
import { core } from '../../packages/compiler/test/workflows.js';

/** The compiler must handle everything that the parser accepts: it may reject it, but never crash. */
export function compiled(workflow: Workflow): void {
  compile(workflow, { core, deploymentId: 'fuzz', bclawVersion: '0.0.0', images: 'offline' });
}
