import type { Terminal } from '../terminal.js';

export interface DemoOptions {
  readonly keep?: boolean;
}

/** `bclaw demo` */
export async function demo(_options: DemoOptions, terminal: Terminal): Promise<void> {
  terminal.note('');
}
