import { checkTemplate } from '@bclaw/ops/template';
import type { DiagnosedSource } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { OptionsOf } from '../declarations/options.js';
import type { checkCommand } from '../declarations/templates.js';
import { exampleCore } from '../example-core.js';
import { Exit, exitCode } from '../failure.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';
import { bclawVersion } from '../version.js';

type CheckOptions = OptionsOf<typeof checkCommand>;

/** `bclaw check`: every diagnostic of the templates; exit code 3 when there are errors. */
export async function check(files: readonly string[], options: CheckOptions, terminal: Terminal): Promise<void> {
  const sources: DiagnosedSource[] = [];
  for (const file of files) {
    const text = await readTemplate(file);
    const { diagnostics } = checkTemplate(text, {
      core: exampleCore,
      deploymentId: 'check',
      bclawVersion,
      parameters: options.parameter ?? {},
      ...given({ from: options.from }),
    });
    sources.push({ file, text, diagnostics });
  }
  const told = diagnosticsText(sources, terminal.dataStyle, options.format);
  if (told !== '') terminal.data(told);

  const all = sources.flatMap(({ diagnostics }) => diagnostics);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const warnings = all.length - errors;
  terminal.note(`${counted(files.length, 'template')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`);
  if (errors > 0 || (options.strict === true && warnings > 0)) throw new Exit(exitCode.diagnostics);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
