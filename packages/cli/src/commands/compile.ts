import { access } from 'node:fs/promises';
import { type CoreEnvironment, parseCoreEnvironment } from '@bclaw/compiler';
import { type CheckedTemplate, type CheckOptions, checkTemplate } from '@bclaw/ops/template';
import { parse } from '@bclaw/spec';
import type { OptionsOf } from '../declarations/options.js';
import type { compileCommand } from '../declarations/templates.js';
import { exampleCore } from '../example-core.js';
import { Exit, exitCode, UsageError } from '../failure.js';
import { readInputText } from '../input-file.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';
import { bclawVersion } from '../version.js';

type CompileOptions = OptionsOf<typeof compileCommand>;

/** `bclaw compile`: the CloudFormation template, or the state machine, as JSON. */
export async function compile(file: string, options: CompileOptions, terminal: Terminal): Promise<void> {
  const [text, core] = await Promise.all([readTemplate(file), coreFor(options, terminal)]);
  const checked = await compileText(
    text,
    { core, deploymentId: options.deploymentId, bclawVersion, parameters: options.parameter ?? {} },
    options,
    terminal,
  );
  const told = diagnosticsText([{ file, text, diagnostics: checked.diagnostics }], terminal.noteStyle);
  if (told !== '') terminal.note(told);
  if (!checked.ok) throw new Exit(exitCode.diagnostics);
  const { uploads } = checked.compiled;
  if (uploads.length > 0 && options.definition !== true)
    terminal.note(
      `(too large for the template and left out: ${objects(uploads.length)}; \`bclaw deploy\` uploads them)`,
    );
  terminal.json(options.definition === true ? checked.compiled.definition : checked.compiled.template);
}

/** Queries registries only for an installed core, and only when the template pins images. */
async function compileText(
  text: string,
  check: CheckOptions,
  options: CompileOptions,
  terminal: Terminal,
): Promise<CheckedTemplate> {
  const { workflow } = parse(text, { parameters: check.parameters ?? {} });
  if (workflow === undefined || workflow.options.pinImages === 'no') return checkTemplate(text, check);
  if (options.core === undefined) {
    terminal.note('(images keep their tags: whose ECR to ask depends on the core)');
    return checkTemplate(text, check);
  }
  const [{ checkPinnedTemplate }, { connect }] = await Promise.all([import('@bclaw/ops'), import('../connection.js')]);
  const { clients } = await connect(options, terminal);
  return checkPinnedTemplate(clients, text, check);
}

const objects = (count: number): string => (count === 1 ? '1 object that it names' : `${count} objects that it names`);

/** `--core` is a file with a core environment, or the name of a core stack. */
async function coreFor(options: CompileOptions, terminal: Terminal): Promise<CoreEnvironment> {
  const { core } = options;
  if (core === undefined) {
    terminal.note('(compiled for an example core; --core names a file or a core stack)');
    return exampleCore;
  }
  if (await isFile(core)) return parseCoreEnvironment(await readInputText(core));
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(core)) throw new UsageError(`There is no file ${core}.`);
  // Loading the AWS SDK takes longer than compiling a template.
  const [{ readCore }, { connect }] = await Promise.all([import('@bclaw/ops'), import('../connection.js')]);
  const { clients } = await connect(options, terminal);
  return (await readCore(clients, core)).environment;
}

async function isFile(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
