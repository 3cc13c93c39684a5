import Type, { type TObject, type TProperties, type TSchema } from 'typebox';

/** The building blocks of the property schemas. The values of properties are validated by the services. */
export const text = Type.String();
export const whole = Type.Integer();
export const decimal = Type.Number();
export const flag = Type.Boolean();
export const textMap = Type.Record(Type.String(), Type.String());
/** JSON that CloudFormation does not interpret: a policy, an event pattern, or a part that the engine only records. */
export const document = Type.Record(Type.String(), Type.Unknown());
/** JSON that CloudFormation also accepts as text. */
export const documentOrText = Type.Union([document, Type.String()]);
export const texts = Type.Array(text);
export const documents = Type.Array(document);

export const list = (item: TSchema) => Type.Array(item);

/** An object with these properties and no others. */
export function shape(required: TProperties, optional: TProperties = {}): TObject {
  const others = Object.fromEntries(Object.entries(optional).map(([name, schema]) => [name, Type.Optional(schema)]));
  return Type.Object({ ...required, ...others }, { additionalProperties: false });
}

/** A list of `Key` and `Value`, the format of tags in most types. */
export const tagList = list(shape({ Key: text, Value: text }));
