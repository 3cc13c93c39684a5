import { validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';

/**
 * A value that is only known when a change set is executed, e.g. the ARN of a resource that has not been created yet.
 */
export class Unknown {
  /** The placeholder in DescribeChangeSet. */
  static readonly text = '{{changeSet:KNOWN_AFTER_APPLY}}';
  /** The source of the value: `LogicalId` or `LogicalId.Attribute`. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A value that may contain {@link Unknown}s. */
export type Value = string | number | boolean | null | Unknown | readonly Value[] | { readonly [key: string]: Value };

/** Resolves the names in an expression. */
export interface Scope {
  /** Returns the value of a parameter, pseudo parameter or resource; `undefined` if the name is unknown. */
  ref(name: string): Value | undefined;
  /** Returns an attribute of a resource; `undefined` if the resource does not exist. */
  attribute(logicalId: string, attribute: string): Value | undefined;
  /** @param where - for the message about a condition that the template does not have, e.g. ` in Fn::If` */
  condition(name: string, where?: string): boolean;
  readonly mappings: JsonObject;
  importValue(name: string): string;
  readonly region: string;
}

const noVariables: JsonObject = {};

/** `Ref: AWS::NoValue`: the property is removed. */
const noValue = Symbol('AWS::NoValue');
type Evaluated = Value | typeof noValue;

/**
 * Evaluates the intrinsic functions in a value.
 *
 * @param place - for messages, e.g. `resource Launcher`
 * @throws AwsError `ValidationError` for an invalid use of a function or an unknown name
 */
export function evaluate(value: Json, scope: Scope, place: string): Value | undefined {
  const result = new Evaluation(scope, place).value(value);
  return result === noValue ? undefined : result;
}

/** Evaluates a condition of a template. */
export function evaluateCondition(value: Json, scope: Scope, place: string): boolean {
  return new Evaluation(scope, place).condition(value);
}

class Evaluation {
  readonly #scope: Scope;
  readonly #place: string;

  constructor(scope: Scope, place: string) {
    this.#scope = scope;
    this.#place = place;
  }

  value(value: Json): Evaluated {
    if (isList(value)) return value.map((item) => this.value(item)).filter((item) => item !== noValue);
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    const name = keys[0];
    if (keys.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::')))
      return this.#call(name, value[name] ?? null);
    const result: Record<string, Value> = {};
    for (const [key, item] of Object.entries(value)) {
      const evaluated = this.value(item);
      if (evaluated !== noValue) result[key] = evaluated;
    }
    return result;
  }

  condition(value: Json): boolean {
    if (isObject(value) && typeof value['Condition'] === 'string') return this.#scope.condition(value['Condition']);
    const operands = (name: string): readonly Json[] => {
      const list = isObject(value) ? value[name] : undefined;
      return isList(list) ? list : this.#fail(`${name} needs a list of conditions`);
    };
    const name = isObject(value) ? Object.keys(value)[0] : undefined;
    switch (name) {
      case 'Fn::Equals': {
        const [left, right] = operands(name);
        if (left === undefined || right === undefined || operands(name).length !== 2)
          throw validationError('Template error: every Fn::Equals object requires a list of 2 string parameters.');
        return String(this.#text(left)) === String(this.#text(right));
      }
      case 'Fn::And':
        return operands(name).every((item) => this.condition(item));
      case 'Fn::Or':
        return operands(name).some((item) => this.condition(item));
      case 'Fn::Not': {
        const [operand] = operands(name);
        return operand === undefined ? this.#fail('Fn::Not needs one condition') : !this.condition(operand);
      }
    }
    return this.#fail('a condition must be made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition');
  }

  #call(name: string, argument: Json): Evaluated {
    switch (name) {
      case 'Ref':
        return this.#ref(argument);
      case 'Fn::GetAtt':
        return this.#getAtt(argument);
      case 'Fn::Sub':
        return this.#sub(argument);
      case 'Fn::Join':
        return this.#join(argument);
      case 'Fn::Select':
        return this.#select(argument);
      case 'Fn::Split':
        return this.#split(argument);
      case 'Fn::If':
        return this.#if(argument);
      case 'Fn::FindInMap':
        return this.#findInMap(argument);
      case 'Fn::ImportValue': {
        const exported = this.#text(argument);
        if (this.#place.startsWith('condition '))
          throw validationError('Template error: Cannot use Fn::ImportValue in Conditions.');
        return exported instanceof Unknown ? exported : this.#scope.importValue(exported);
      }
      case 'Fn::Base64': {
        const text = this.#text(argument);
        return text instanceof Unknown ? text : Buffer.from(text).toString('base64');
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => this.#scope.region + zone);
      case 'Fn::And':
      case 'Fn::Equals':
      case 'Fn::Not':
      case 'Fn::Or':
        return this.condition({ [name]: argument });
    }
    return this.#fail(`the embedded engine does not have the function ${name}`);
  }

  #ref(argument: Json): Evaluated {
    if (typeof argument !== 'string')
      throw validationError('Template error: every Ref object must have a single String value.');
    if (argument === 'AWS::NoValue') return noValue;
    return this.#scope.ref(argument) ?? this.#unresolved(argument);
  }

  #getAtt(argument: Json): Evaluated {
    const [logicalId, ...rest] = isList(argument) ? argument : String(argument).split('.');
    const attribute = rest.map((part) => this.#text(part));
    if (
      typeof logicalId !== 'string' ||
      logicalId === '' ||
      attribute.length === 0 ||
      attribute.some((part) => part === '' || part instanceof Unknown)
    )
      throw malformedGetAtt();
    return this.#scope.attribute(logicalId, attribute.join('.')) ?? this.#unresolved(logicalId);
  }

  #sub(argument: Json): Evaluated {
    const [template, variables] = isList(argument) ? argument : [argument, noVariables];
    if (typeof template !== 'string' || !isObject(variables))
      return this.#fail('Fn::Sub needs a string, or a list of a string and a map');
    return this.#concatenate(
      template.split(/(\$\{[^}]*\})/).map((part) => {
        const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
        if (name === undefined) return part;
        if (name.startsWith('!')) return `\${${name.slice(1)}}`;
        const key = name.trim();
        const own = memberOf(variables, key);
        if (own !== undefined) return this.#text(own);
        return this.#text(key.includes('.') ? { 'Fn::GetAtt': key } : { Ref: key });
      }),
    );
  }

  #join(argument: Json): Evaluated {
    const [delimiter, items] = isList(argument) ? argument : [];
    const list = items === undefined ? undefined : this.value(items);
    if (list instanceof Unknown && typeof delimiter === 'string') return list;
    if (typeof delimiter !== 'string' || !Array.isArray(list))
      throw validationError(
        'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
      );
    const parts = list.map((item: Value) => this.#asText(item));
    return this.#concatenate(parts.flatMap((part, index) => (index === 0 ? [part] : [delimiter, part])));
  }

  #select(argument: Json): Evaluated {
    const [index, items] = isList(argument) ? argument : [];
    const list = items === undefined ? undefined : this.value(items);
    const position = index === undefined ? undefined : this.#text(index);
    if (list instanceof Unknown) return list;
    if (position instanceof Unknown) return position;
    const item: Value | undefined =
      Array.isArray(list) && position !== undefined && /^\d+$/.test(position) ? list[Number(position)] : undefined;
    if (item !== undefined) return item;
    throw validationError(
      'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
    );
  }

  #split(argument: Json): Evaluated {
    const [delimiter, source] = isList(argument) ? argument : [];
    if (typeof delimiter !== 'string' || delimiter === '' || source === undefined)
      throw validationError(
        'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
      );
    const text = this.#text(source);
    return text instanceof Unknown ? text : text.split(delimiter);
  }

  #if(argument: Json): Evaluated {
    const [name, yes, no] = isList(argument) ? argument : [];
    if (typeof name !== 'string' || yes === undefined || no === undefined)
      return this.#fail('Fn::If needs the name of a condition and two values');
    return this.value(this.#scope.condition(name, ' in Fn::If') ? yes : no);
  }

  #findInMap(argument: Json): Evaluated {
    const [map, top, second] = (isList(argument) ? argument : []).map((part) => this.#text(part));
    if (typeof map !== 'string' || typeof top !== 'string' || typeof second !== 'string')
      return this.#fail('Fn::FindInMap needs the names of a map and of two keys');
    const found = memberOf(memberOf(memberOf(this.#scope.mappings, map), top), second);
    if (found === undefined)
      throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
    return this.value(found);
  }

  /** Evaluates a value that must be text. */
  #text(value: Json): string | Unknown {
    const evaluated = this.value(value);
    if (evaluated === noValue) return this.#fail('a text is needed where AWS::NoValue stands');
    return this.#asText(evaluated);
  }

  #asText(value: Value): string | Unknown {
    if (value instanceof Unknown) return value;
    if (typeof value === 'object' && value !== null)
      return this.#fail('a text is needed where a list or a map stands; join a list with Fn::Join');
    return String(value);
  }

  #concatenate(parts: readonly (string | Unknown)[]): string | Unknown {
    const unknown = parts.find((part) => part instanceof Unknown);
    return unknown ?? parts.join('');
  }

  #unresolved(name: string): never {
    if (this.#place.startsWith('condition '))
      throw validationError(
        `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
      );
    throw validationError(
      `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
  }

  #fail(message: string): never {
    throw validationError(`Template error: ${message} (in ${this.#place})`);
  }
}

export const malformedGetAtt = () =>
  validationError(
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  );

/** Returns an own member of the template; names that every object inherits, such as `constructor`, are ignored. */
function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
