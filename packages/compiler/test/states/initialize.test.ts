import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.js';
import { align, workflow } from '../workflows.js';

describe('the first state', () => {
  it('calls the pinned initialize function with all that it needs, and makes its answer the payload', () => {
    const { definition } = compiled(workflow([align]));
    expect(definition.StartAt).toBe('Initialize');
    expect(definition.States['Initialize']).toMatchSnapshot();
  });
});
