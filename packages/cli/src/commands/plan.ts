import { type Plan, plan as planDeployment, TemplateError } from '@bclaw/ops';
import { connect, installationOf } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { planCommand } from '../declarations/templates.js';
import { Exit, exitCode } from '../failure.js';
import { planLines } from '../plan-lines.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';

type PlanCommandOptions = OptionsOf<typeof planCommand>;

/** `bclaw plan` */
export async function plan(file: string, options: PlanCommandOptions, terminal: Terminal): Promise<void> {
  const template = await readTemplate(file);
  const { clients } = await connect(options, terminal);
  const tell = (diagnostics: Plan['diagnostics']) => {
    const told = diagnosticsText([{ file, text: template, diagnostics }], terminal.noteStyle);
    if (told !== '') terminal.note(told);
  };
  let planned: Plan;
  try {
    planned = await planDeployment(clients, {
      workflow: options.name,
      template,
      parameters: options.parameter ?? {},
      force: options.force ?? false,
      ...installationOf(options),
    });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    tell(error.diagnostics);
    throw new Exit(exitCode.diagnostics);
  }
  tell(planned.diagnostics);
  if (options.json === true) terminal.json(planned);
  else for (const line of planLines(planned, terminal.dataStyle)) terminal.data(line);
  if (options.exitCode === true && planned.outcome !== 'unchanged') throw new Exit(exitCode.changes);
}
