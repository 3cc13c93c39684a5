import { callingAs } from '../../../kernel/access/calling-as.js';
import { AwsError } from '../../../wire/aws-error.js';
import { isObject, type JsonObject } from '../json.js';
import { checkCapabilities, requiredCapabilities } from '../template/capabilities.js';
import { type ParameterDeclaration, readParameterDeclarations } from '../template/parameters.js';
import { parseTemplate } from '../template/parse-template.js';
import { readTemplate } from '../template/template.js';
import { macrosOf, transform } from '../template/transform.js';
import type { Deployment, DeploymentRequest } from './model.js';
import { macroFunction, type World } from './world.js';

/** Returns true if a template has macros. Running them takes time and can fail. */
export function hasMacros(templateBody: string): boolean {
  return macrosOf(parseTemplate(templateBody)).length > 0;
}

/**
 * Creates a deployment from a request whose template has no macros.
 *
 * @throws AwsError `ValidationError`, `InsufficientCapabilitiesException`
 */
export function prepareDirectly(request: DeploymentRequest): Deployment {
  return deploymentOf(request, parseTemplate(request.templateBody), []);
}

/**
 * Runs the macros of a request's template.
 *
 * @throws AwsError `ValidationError` with the macro's message, `InsufficientCapabilitiesException`
 */
export async function prepareWithMacros(world: World, request: DeploymentRequest): Promise<Deployment> {
  const template = parseTemplate(request.templateBody);
  const directory = (name: string) => macroFunction(world.store, name);
  const processed = await transform(callingAs(world.context, request.caller), directory, template, request.parameters);
  const names = macrosOf(template).map(({ name }) =>
    name.includes('::') ? name : `${world.context.accountId}::${name}`,
  );
  return deploymentOf(request, processed, names);
}

function deploymentOf(request: DeploymentRequest, processed: JsonObject, macros: readonly string[]): Deployment {
  const template = readTemplate(processed);
  checkCapabilities(requiredCapabilities(template).capabilities, request.capabilities);
  // A macro can add parameters that are not in the request; they need defaults.
  const added: Record<string, string> = {};
  for (const [name, { default: value }] of Object.entries(template.parameters)) {
    if (Object.hasOwn(request.parameters, name)) continue;
    if (value === undefined) throw new AwsError('ValidationError', `Parameters: [${name}] must have values`);
    added[name] = value;
  }
  return {
    templateBody: request.templateBody,
    processed,
    macros,
    parameters: { ...request.parameters, ...added },
    capabilities: request.capabilities,
    tags: request.tags,
  };
}

type Declarations = Readonly<Record<string, ParameterDeclaration>>;
type Declaring = Pick<Deployment, 'templateBody' | 'processed'>;

/** Clients poll a stack that they wait for, so its template is parsed only once. */
const declarationsOf = new WeakMap<Declaring, Declarations>();

/** The parameters that a deployment's template declares, before and after its macros. */
export function declaredParameters(deployment: Declaring): Declarations {
  const known = declarationsOf.get(deployment);
  if (known !== undefined) return known;
  const declared = {
    ...(isObject(deployment.processed) ? readParameterDeclarations(deployment.processed) : {}),
    ...readParameterDeclarations(parseTemplate(deployment.templateBody)),
  };
  declarationsOf.set(deployment, declared);
  return declared;
}
