import { writeFile } from 'node:fs/promises';
import { readReport } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { reportCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { reportPage } from '../report/page.js';
import { traceCsv } from '../report/trace.js';
import type { Terminal } from '../terminal.js';

type ReportOptions = OptionsOf<typeof reportCommand>;

/** `bclaw report` */
export async function report(execution: string, options: ReportOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow, format, cpuPrice, memoryPrice } = options;
  const read = await readReport(clients, { execution, ...given({ workflow }) });
  if (read.measuresDenied === true)
    terminal.warn('S3 does not let you list the measures in the repository, so the report has no times of jobs.');
  const text =
    format === 'html'
      ? reportPage(read, given({ cpuPrice, memoryPrice }))
      : format === 'csv'
        ? traceCsv(read.attempts)
        : `${JSON.stringify(read, undefined, 2)}\n`;
  const out = options.out ?? (format === 'html' ? `${read.status.name.replaceAll(':', '-')}.html` : undefined);
  if (out === undefined) {
    terminal.data(text.trimEnd());
    return;
  }
  await writeFile(out, text);
  terminal.note(`wrote ${out}`);
}
