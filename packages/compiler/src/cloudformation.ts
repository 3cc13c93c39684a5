/**
 * The part of CloudFormation's template language that bclaw writes. The values are plain data: `JSON.stringify` of a
 * {@link Template} is valid input for CloudFormation.
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Ref {
  readonly Ref: string;
}

export interface GetAtt {
  readonly 'Fn::GetAtt': readonly [logicalId: string, attribute: string];
}

export interface Sub {
  readonly 'Fn::Sub': string | readonly [text: string, values: Readonly<Record<string, Intrinsic>>];
}

export interface Join {
  readonly 'Fn::Join': readonly [separator: string, parts: readonly (string | Intrinsic)[]];
}

export interface Base64 {
  readonly 'Fn::Base64': string;
}

/** The first value if the condition of that name is true, else the second. */
export interface If {
  readonly 'Fn::If': readonly [condition: string, whenTrue: unknown, whenFalse: unknown];
}

export type Intrinsic = Ref | GetAtt | Sub | Join | Base64 | If;

/** A string that is already known, or one that CloudFormation resolves. */
export type Text = string | Intrinsic;

export interface Tag {
  readonly Key: string;
  readonly Value: Text;
}

/** `RetainExceptOnCreate` is `Retain`, except that a rolled back creation leaves nothing behind. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface Resource<Type extends string = string, Properties extends object = object> {
  readonly Type: Type;
  /** The resource exists only if the condition of that name is true. */
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: DeletionPolicy;
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain';
  readonly Properties?: Properties;
}

export interface Parameter {
  readonly Type: string;
  readonly [field: string]: unknown;
}

export interface Output {
  readonly Description: string;
  readonly Value: Text;
}

export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, Parameter | Readonly<Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Output>>;
}

/** The value of a parameter, the main identifier of a resource, or a pseudo parameter such as `AWS::StackName`. */
export const ref = (name: string): Ref => ({ Ref: name });

export const getAtt = (logicalId: string, attribute: string): GetAtt => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** A value that depends on a condition of the template; {@link noValue} leaves out what it is the value of. */
export const when = (condition: string, whenTrue: unknown, whenFalse: unknown): If => ({
  'Fn::If': [condition, whenTrue, whenFalse],
});

/** As a property: as if it were not written. */
export const noValue: Ref = ref('AWS::NoValue');

/** Each `${Name}` in the text is replaced by the value of that name, from `values` or the template. */
export function sub(text: string, values?: Readonly<Record<string, Intrinsic>>): Sub {
  return { 'Fn::Sub': values === undefined ? text : [text, values] };
}

export const stackName: Ref = ref('AWS::StackName');
