import { checkTemplate } from '@bclaw/ops/template';
import type { DiagnosedSource } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { findJobFaults } from '@bclaw/spec/job-schema';
import type { OptionsOf } from '../declarations/options.js';
import type { checkCommand } from '../declarations/templates.js';
import { exampleCore } from '../example-core.js';
import { Exit, exitCode } from '../failure.js';
import { readInputFile } from '../input-file.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';
import { bclawVersion } from '../version.js';

type CheckOptions = OptionsOf<typeof checkCommand>;

/** `bclaw check`: every diagnostic of the templates; exit code 3 when there are errors. */
export async function check(files: readonly string[], options: CheckOptions, terminal: Terminal): Promise<void> {
  const sources: DiagnosedSource[] = [];
  const jobs = await Promise.all((options.job ?? []).map(async (file) => ({ file, body: await readInputFile(file) })));
  const faults: string[] = [];
  let checkedAgainst = 0;
  for (const file of files) {
    const text = await readTemplate(file);
    const checked = checkTemplate(text, {
      core: exampleCore,
      deploymentId: 'check',
      bclawVersion,
      parameters: options.parameter ?? {},
      ...given({ from: options.from }),
    });
    sources.push({ file, text, diagnostics: checked.diagnostics });
    if (!checked.ok) continue;
    checkedAgainst += 1;
    const { repository, jobSchema: schema } = checked.workflow;
    for (const job of jobs)
      for (const fault of findJobFaults(job.body, { repository, ...given({ schema }) }))
        faults.push(`${job.file}: ${fault}${files.length === 1 ? '' : ` (${file})`}`);
  }
  const told = diagnosticsText(sources, terminal.dataStyle, options.format);
  if (told !== '') terminal.data(told);

  for (const fault of faults) terminal.note(`${terminal.noteStyle.red('error')} ${fault}`);
  const all = sources.flatMap(({ diagnostics }) => diagnostics);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const warnings = all.length - errors;
  const result = checkedAgainst === 0 ? 'not checked, because of the errors' : counted(faults.length, 'error');
  const ofJobs = jobs.length === 0 ? '' : `; ${counted(jobs.length, 'job file')}: ${result}`;
  terminal.note(
    `${counted(files.length, 'template')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}${ofJobs}`,
  );
  if (errors > 0 || faults.length > 0 || (options.strict === true && warnings > 0))
    throw new Exit(exitCode.diagnostics);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
