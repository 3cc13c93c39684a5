import { type Plan, plan as planDeployment, TemplateError } from '@bclaw/ops';
import { type ConnectionOptions, connect, installationOf } from '../connection.js';
import { Exit, exitCode } from '../failure.js';
import { planLines } from '../plan-lines.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';

export interface PlanCommandOptions extends ConnectionOptions {
  readonly name: string;
  readonly parameter?: Readonly<Record<string, string>>;
  readonly force?: boolean;
  readonly json?: boolean;
  /** Reports by the exit code whether a deployment would change something. */
  readonly exitCode?: boolean;
}

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
