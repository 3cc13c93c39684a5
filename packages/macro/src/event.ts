import { BclawError } from '@bclaw/spec';

/** CloudFormation's request to a macro's function. */
export interface MacroEvent {
  /** Unique to this run of the macro; the response must repeat it. */
  readonly requestId: string;
  /** The macro's name. */
  readonly transformId: string;
  /** The template without its `Transform` section. */
  readonly fragment: Readonly<Record<string, unknown>>;
  /** Values of the template's parameters, defaults included. */
  readonly templateParameterValues: Readonly<Record<string, string>>;
}

/** The response for CloudFormation; every status except `success` is a failure. */
export type MacroResponse =
  | { readonly requestId: string; readonly status: 'success'; readonly fragment: object }
  | {
      readonly requestId: string;
      readonly status: 'failure';
      readonly fragment: object;
      readonly errorMessage: string;
    };

/**
 * Parses CloudFormation's event.
 *
 * @throws BclawError `not-a-macro-event` for any other event
 */
export function parseMacroEvent(event: unknown): MacroEvent {
  const { requestId, transformId, fragment, templateParameterValues } = isRecord(event) ? event : {};
  if (typeof requestId !== 'string' || !isRecord(fragment)) {
    throw new BclawError('not-a-macro-event', 'The event is not one that CloudFormation sends to a macro.', {
      hint: 'Do not invoke this function yourself: write its macro after `Transform` in a template and deploy that.',
    });
  }
  return {
    requestId,
    transformId: typeof transformId === 'string' ? transformId : '',
    fragment,
    templateParameterValues: isRecord(templateParameterValues)
      ? Object.fromEntries(Object.entries(templateParameterValues).map(([name, value]) => [name, parameterText(value)]))
      : {},
  };
}

/** CloudFormation passes the values of list parameters as lists. */
const parameterText = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
