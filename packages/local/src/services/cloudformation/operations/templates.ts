import { Type } from 'typebox';
import { callingAs } from '../../../kernel/access/calling-as.js';
import type { Operation } from '../../../operation.js';
import { templateText } from '../api/template-source.js';
import { validationError } from '../errors.js';
import { isObject, type JsonObject } from '../json.js';
import { operation, text } from '../operation.js';
import type { World } from '../stack/world.js';
import { requiredCapabilities } from '../template/capabilities.js';
import { readParameterDeclarations } from '../template/parameters.js';
import { parseTemplate } from '../template/parse-template.js';
import { readTemplate } from '../template/template.js';
import { macrosOf } from '../template/transform.js';

const source = { TemplateBody: text, TemplateURL: text };

/** Operations that read templates and change nothing. */
export function templateOperations(world: World): Operation[] {
  const { store, context } = world;
  return [
    operation(
      'GetTemplate',
      Type.Object({
        StackName: text,
        ChangeSetName: text,
        TemplateStage: Type.Optional(Type.Union([Type.Literal('Original'), Type.Literal('Processed')])),
      }),
      (input) => {
        const deployment =
          input.ChangeSetName === undefined
            ? store.get(input.StackName ?? '').deployment
            : store.changeSet(input.ChangeSetName, input.StackName).deployment;
        if (deployment === undefined)
          throw validationError(`Template for ${input.StackName ?? input.ChangeSetName} does not exist.`);
        const isProcessed = input.TemplateStage === 'Processed' && deployment.macros.length > 0;
        return {
          TemplateBody: isProcessed ? JSON.stringify(deployment.processed) : deployment.templateBody,
          StagesAvailable: ['Original', 'Processed'],
        };
      },
    ),

    operation('GetTemplateSummary', Type.Object({ ...source, StackName: text }), async (input, { caller }) => {
      const text =
        input.StackName === undefined
          ? await templateText(callingAs(context, caller), input)
          : store.get(input.StackName).deployment?.templateBody;
      const { source, ...summary } = summaryOf(text);
      const resources = source['Resources'];
      const types = isObject(resources)
        ? Object.values(resources).flatMap((resource) =>
            isObject(resource) && typeof resource['Type'] === 'string' ? [resource['Type']] : [],
          )
        : [];
      return {
        ...summary,
        Parameters: Object.entries(readParameterDeclarations(source)).map(([name, declaration]) => ({
          ParameterKey: name,
          DefaultValue: declaration.default,
          ParameterType: declaration.type,
          NoEcho: declaration.noEcho,
          Description: declaration.description,
          ParameterConstraints: { AllowedValues: declaration.allowedValues },
        })),
        ResourceTypes: [...new Set(types)],
        Version: '2010-09-09',
        Metadata: source['Metadata'] === undefined ? undefined : JSON.stringify(source['Metadata']),
      };
    }),

    operation('ValidateTemplate', Type.Object(source), async (input, { caller }) => {
      const { source, ...summary } = summaryOf(await templateText(callingAs(context, caller), input));
      return {
        ...summary,
        Parameters: Object.entries(readParameterDeclarations(source)).map(([name, declaration]) => ({
          ParameterKey: name,
          DefaultValue: declaration.default,
          NoEcho: declaration.noEcho,
          Description: declaration.description,
        })),
      };
    }),
  ];
}

function summaryOf(text: string | undefined) {
  if (text === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const source: JsonObject = parseTemplate(text);
  const macros = macrosOf(source).map(({ name }) => name);
  if (macros.length > 0)
    return {
      source,
      Description: descriptionOf(source),
      Capabilities: ['CAPABILITY_AUTO_EXPAND'],
      CapabilitiesReason: `The following macros are used: [${macros.join(', ')}]`,
      DeclaredTransforms: macros,
    };
  const { capabilities, types } = requiredCapabilities(readTemplate(source));
  return {
    source,
    Description: descriptionOf(source),
    Capabilities: capabilities,
    ...(capabilities.length === 0
      ? {}
      : { CapabilitiesReason: `The following resource(s) require capabilities: [${types.join(', ')}]` }),
  };
}

const descriptionOf = (source: JsonObject) =>
  typeof source['Description'] === 'string' ? source['Description'] : undefined;
