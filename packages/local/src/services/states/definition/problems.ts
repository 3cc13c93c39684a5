/** One finding in a definition, as ValidateStateMachineDefinition returns it. */
export interface DefinitionProblem {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** E.g. `/States/Align/Next`; absent when the finding concerns the whole definition. */
  readonly location?: string;
}

/** Collects the findings for one definition, in order. */
export class Problems {
  readonly #found: DefinitionProblem[] = [];

  get found(): readonly DefinitionProblem[] {
    return this.#found;
  }

  schema(location: string, message: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, location);
  }

  add(code: string, message: string, location?: string): void {
    this.#found.push({ severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) });
  }
}

/** Returns the message of InvalidDefinition. */
export function definitionMessage(problems: readonly DefinitionProblem[]): string {
  const texts = problems.map(({ code, message, location }) => {
    return location === undefined ? `${code}: ${message}` : `${code}: ${message} at ${location}`;
  });
  return `Invalid State Machine Definition: '${texts.join(', ')}'`;
}
