import type { AwsEvent } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { compileEventPath, type EventPath } from './json-path.js';
import type { RuleRecord, RuleTarget } from './model.js';

const mostVariables = 100;

/**
 * The input of a target for an event: the event itself, the part at `InputPath`, the constant `Input`, or the filled-in
 * template of its transformer.
 *
 * @returns JSON text, or plain text if the template is not JSON
 */
export function targetInput(event: AwsEvent, rule: Pick<RuleRecord, 'arn' | 'name'>, target: RuleTarget): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(pathOf(target.InputPath)(event) ?? {});
  if (target.InputTransformer !== undefined) return transformed(event, rule, target.InputTransformer);
  return JSON.stringify(event);
}

/**
 * Validates the input settings of a target before it is stored.
 *
 * @throws AwsError `ValidationException`
 */
export function checkTargetInput(target: RuleTarget): void {
  const given = [target.Input, target.InputPath, target.InputTransformer].filter((way) => way !== undefined);
  if (given.length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  if (target.Input !== undefined && !isJson(target.Input))
    throw invalid(`JSON syntax error in input for target ${target.Id}.`);
  if (target.InputPath !== undefined) pathOf(target.InputPath);
  const paths = Object.entries(target.InputTransformer?.InputPathsMap ?? {});
  if (paths.length > mostVariables) throw invalid(`An InputPathsMap has at most ${mostVariables} variables.`);
  for (const [name, path] of paths) {
    if (name.startsWith('aws.')) throw invalid(`The variable ${name} is reserved: names must not start with "aws.".`);
    pathOf(path);
  }
}

function transformed(
  event: AwsEvent,
  rule: Pick<RuleRecord, 'arn' | 'name'>,
  { InputPathsMap = {}, InputTemplate }: NonNullable<RuleTarget['InputTransformer']>,
): string {
  const { detail: _, ...withoutDetail } = event;
  const variables = new Map<string, unknown>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', event.time],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
    ...Object.entries(InputPathsMap).map(([name, path]) => [name, pathOf(path)(event)] as const),
  ]);
  return fillTemplate(InputTemplate, variables);
}

/** Variables become JSON; within a template's quotes they become text, so that the result is JSON again. */
function fillTemplate(template: string, variables: ReadonlyMap<string, unknown>): string {
  let insideQuotes = false;
  return template.replace(/\\.|"|<([^<>\s]+)>/gs, (token: string, name: string | undefined) => {
    if (token === '"') insideQuotes = !insideQuotes;
    if (name === undefined || !variables.has(name)) return token;
    const value = variables.get(name);
    if (!insideQuotes) return JSON.stringify(value ?? '');
    const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

function pathOf(path: string): EventPath {
  const compiled = compileEventPath(path);
  if (compiled === undefined)
    throw invalid(`"${path}" is not a JSON path that EventBridge knows, such as $.detail.key.`);
  return compiled;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
