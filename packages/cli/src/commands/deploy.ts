import {
  type Clients,
  type DeployOptions,
  type DeployResult,
  deploy as deployWorkflow,
  TemplateError,
} from '@bclaw/ops';
import { connect, installationOf } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { deployCommand } from '../declarations/templates.js';
import { Exit, exitCode } from '../failure.js';
import { showStackEvent } from '../stack-event.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';

type DeployCommandOptions = OptionsOf<typeof deployCommand>;

/** `bclaw deploy` */
export async function deploy(file: string, options: DeployCommandOptions, terminal: Terminal): Promise<void> {
  const template = await readTemplate(file);
  const { clients } = await connect(options, terminal);
  const request = {
    workflow: options.name,
    file,
    template,
    parameters: options.parameter ?? {},
    force: options.force ?? false,
    ...installationOf(options),
  };
  const result = await deployTemplate(clients, request, terminal);
  if (options.json === true) terminal.json(result);
  else terminal.data(sentence(result));
}

/**
 * Deploys and shows events and the template's diagnostics.
 *
 * @throws Exit with code 3 when the template has errors
 */
export async function deployTemplate(
  clients: Clients,
  request: Omit<DeployOptions, 'onEvent'> & { readonly file: string },
  terminal: Terminal,
): Promise<DeployResult> {
  const { file, ...options } = request;
  const tell = (diagnostics: DeployResult['diagnostics']) => {
    const told = diagnosticsText([{ file, text: options.template, diagnostics }], terminal.noteStyle);
    if (told !== '') terminal.note(told);
  };
  try {
    const result = await deployWorkflow(clients, { ...options, onEvent: showStackEvent(terminal) });
    terminal.endProgress();
    tell(result.diagnostics);
    return result;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    tell(error.diagnostics);
    terminal.note(error.hint ?? '');
    throw new Exit(exitCode.diagnostics);
  }
}

/** The result as text for a person. */
export function sentence({ workflow, outcome, version, previousVersion }: DeployResult): string {
  if (outcome === 'unchanged') {
    return version === undefined
      ? `${workflow}: unchanged.`
      : `${workflow}: unchanged; version ${version} is live and is the same.`;
  }
  if (version === undefined) return `${workflow}: deployed.`;
  const before = previousVersion === undefined ? '' : `; until now it was version ${previousVersion}`;
  return `${workflow}: version ${version} is live${before}.`;
}
