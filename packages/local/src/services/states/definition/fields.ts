import { parseIntrinsic } from '../interpreter/data/intrinsic-parser.js';
import { isArray, isObject, type Json, type JsonObject, member } from '../interpreter/data/json.js';
import { isPath } from '../interpreter/data/json-path.js';
import { expressionIn, jsonataProblem } from '../interpreter/data/jsonata.js';
import { parseReferencePath } from '../interpreter/data/reference-path.js';
import type { Value } from './model.js';
import type { Problems } from './problems.js';

/** Step Functions, "Passing data between states with variables": a Unicode identifier (UAX #31) of up to 80 characters. */
const variableName = /^\p{ID_Start}\p{ID_Continue}*$/u;
const mostVariableNameLength = 80;

export type QueryLanguage = 'JSONPath' | 'JSONata';

interface Bounds {
  readonly least?: number;
  readonly most?: number;
  readonly integer?: boolean;
}

/** Reads the fields of one object of a definition and records the problems it finds. */
export class Fields {
  readonly #object: JsonObject;
  readonly #known = new Set<string>();
  readonly location: string;
  readonly problems: Problems;

  constructor(object: JsonObject, location: string, problems: Problems) {
    this.#object = object;
    this.location = location;
    this.problems = problems;
  }

  get names(): readonly string[] {
    return Object.keys(this.#object);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  at(name: string): string {
    return `${this.location === '/' ? '' : this.location}/${name}`;
  }

  problem(name: string, message: string): void {
    this.problems.schema(this.at(name), message);
  }

  json(name: string): Json | undefined {
    this.#known.add(name);
    return member(this.#object, name);
  }

  /** Records which of the names are missing, as one finding like Step Functions. */
  require(...names: string[]): boolean {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) {
      this.problems.schema(this.location, `These fields are required: [${missing.join(', ')}]`);
    }
    return missing.length === 0;
  }

  string(name: string): string | undefined {
    const value = this.json(name);
    if (value === undefined || typeof value === 'string') return value;
    this.problem(name, 'Expected value of type String');
    return undefined;
  }

  choice<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    if (found === undefined) this.problem(name, `Value must be one of [${values.join(', ')}]`);
    return found;
  }

  boolean(name: string): boolean | undefined {
    const value = this.json(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.problem(name, 'Expected value of type Boolean');
    return undefined;
  }

  number(name: string, bounds: Bounds = {}): number | undefined {
    const value = this.json(name);
    return value === undefined ? undefined : this.#checkNumber(name, value, bounds);
  }

  #checkNumber(name: string, value: Json, { least, most, integer = true }: Bounds): number | undefined {
    if (typeof value !== 'number' || (integer && !Number.isInteger(value))) {
      this.problem(name, `Expected value of type ${integer ? 'Integer' : 'Number'}`);
    } else if (least !== undefined && value < least) {
      this.problem(name, `Value must be greater than or equal to ${least}`);
    } else if (most !== undefined && value > most) {
      this.problem(name, `Value must be less than or equal to ${most}`);
    } else return value;
    return undefined;
  }

  object(name: string): JsonObject | undefined {
    const value = this.json(name);
    if (value === undefined || isObject(value)) return value;
    this.problem(name, 'Expected value of type Object');
    return undefined;
  }

  /** Returns the fields of a nested object. */
  inside(name: string): Fields | undefined {
    const object = this.object(name);
    return object === undefined ? undefined : new Fields(object, this.at(name), this.problems);
  }

  /** Returns the fields of each object in an array. */
  each(name: string): readonly Fields[] {
    const value = this.json(name);
    if (value === undefined) return [];
    if (!isArray(value)) {
      this.problem(name, 'Expected value of type Array');
      return [];
    }
    return value.flatMap((item, index) => {
      const place = `${name}[${index}]`;
      if (isObject(item)) return [new Fields(item, this.at(place), this.problems)];
      this.problem(place, 'Expected value of type Object');
      return [];
    });
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (isArray(value)) {
      const strings = value.filter((item) => typeof item === 'string');
      if (strings.length === value.length) return strings;
    }
    this.problem(name, 'Expected value of type Array of String');
    return undefined;
  }

  /** A path that may be null; `absent` is the default when the field is missing. */
  path(name: string, absent: string | null = '$'): string | null {
    const value = this.json(name);
    if (value === undefined || value === null) return value === null ? null : absent;
    if (typeof value === 'string' && isPath(value)) return value;
    this.problem(name, 'Value is not a valid JSONPath');
    return absent;
  }

  /** A Reference Path into the data, for ResultPath. */
  resultPath(name = 'ResultPath'): string | null {
    const value = this.path(name);
    if (value === null) return null;
    const path = parseReferencePath(value);
    if (path !== undefined && path.root.kind === 'data') return value;
    this.problem(name, 'Value is not a Reference Path');
    return '$';
  }

  /** A template: checks the paths and expressions in it. */
  template(name: string, language: QueryLanguage): Json | undefined {
    const value = this.json(name);
    if (value !== undefined) this.#checkTemplate(name, value, language);
    return value;
  }

  objectTemplate(name: string, language: QueryLanguage): JsonObject | undefined {
    const value = this.object(name);
    if (value !== undefined) this.#checkTemplate(name, value, language);
    return value;
  }

  /** `Assign`: values by the names of variables. */
  assignments(language: QueryLanguage): JsonObject | undefined {
    const value = this.objectTemplate('Assign', language);
    for (const key of Object.keys(value ?? {})) {
      const variable = language === 'JSONPath' ? key.replace(/\.\$$/, '') : key;
      if (variable === 'states') this.problem(`Assign/${key}`, "The variable name 'states' is reserved");
      else if (!variableName.test(variable) || variable.length > mostVariableNameLength)
        this.problem(`Assign/${key}`, `'${variable}' is not a valid variable name`);
    }
    return value;
  }

  #checkTemplate(name: string, value: Json, language: QueryLanguage): void {
    if (typeof value === 'string') {
      if (language === 'JSONata') this.#checkExpression(name, value);
    } else if (isArray(value)) {
      for (const [index, item] of value.entries()) this.#checkTemplate(`${name}[${index}]`, item, language);
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (language === 'JSONPath' && key.endsWith('.$')) this.#checkReference(`${name}/${key}`, item);
        else this.#checkTemplate(`${name}/${key}`, item, language);
      }
    }
  }

  #checkExpression(name: string, text: string): string | undefined {
    const source = expressionIn(text);
    if (source === undefined) return undefined;
    const why = source === '' ? 'the expression is empty' : jsonataProblem(source);
    if (why !== undefined) this.problem(name, `The JSONata expression is not valid: ${why}`);
    return source;
  }

  #checkReference(name: string, value: Json): string | undefined {
    if (typeof value === 'string') {
      if (value.startsWith('$') && isPath(value)) return value;
      try {
        parseIntrinsic(value);
        return value;
      } catch {
        // Neither is valid; the finding below reports it.
      }
    }
    const last = name.slice(name.lastIndexOf('/') + 1);
    this.problem(name, `The value for the field '${last}' must be a valid JSONPath or a valid intrinsic function call`);
    return undefined;
  }

  /** A number that a JSONata expression can compute, or that `<name>Path` refers to in JSONPath. */
  numberValue(name: string, language: QueryLanguage, bounds: Bounds = {}): Value<number> | undefined {
    const value = this.json(name);
    if (typeof value === 'string' && language === 'JSONata') return this.#computed(name, value);
    const byPath = this.#byPath(name, language);
    if (value === undefined) return byPath;
    const number = this.#checkNumber(name, value, bounds);
    return number === undefined ? undefined : { kind: 'literal', value: number };
  }

  stringValue(name: string, language: QueryLanguage): Value<string> | undefined {
    const value = this.string(name);
    const byPath = this.#byPath(name, language);
    if (value === undefined) return byPath;
    const source = language === 'JSONata' ? this.#checkExpression(name, value) : undefined;
    return source === undefined ? { kind: 'literal', value } : { kind: 'jsonata', field: name, source };
  }

  #byPath(name: string, language: QueryLanguage): Value<never> | undefined {
    const field = `${name}Path`;
    if (language !== 'JSONPath' || !this.has(field)) return undefined;
    if (this.has(name)) this.problems.schema(this.location, `Only one of these fields is allowed: [${name}, ${field}]`);
    const text = this.#checkReference(field, this.json(field) ?? null);
    return text === undefined ? undefined : { kind: 'reference', field, text };
  }

  #computed(name: string, text: string): Value<never> | undefined {
    const source = this.#checkExpression(name, text);
    if (source !== undefined) return { kind: 'jsonata', field: name, source };
    this.problem(name, 'Expected value of type Integer or a JSONata expression');
    return undefined;
  }

  /** The items of a Map: `ItemsPath`, or `Items` in JSONata. */
  items(language: QueryLanguage): Value<readonly Json[]> | undefined {
    if (language === 'JSONPath') {
      if (!this.has('ItemsPath')) return undefined;
      const text = this.#checkReference('ItemsPath', this.json('ItemsPath') ?? null);
      return text === undefined ? undefined : { kind: 'reference', field: 'ItemsPath', text };
    }
    const value = this.template('Items', language);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return this.#computed('Items', value);
    if (isArray(value)) return { kind: 'template', field: 'Items', template: value };
    this.problem('Items', 'Expected value of type Array');
    return undefined;
  }

  /** Marks names that are allowed but not read. */
  allow(...names: string[]): void {
    for (const name of names) this.#known.add(name);
  }

  /** Records every field that has not been read. Call it last. */
  refuseOthers(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#known.has(name)) this.problem(name, 'Field is not supported');
    }
  }
}
