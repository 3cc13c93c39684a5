import Type, { type Static } from 'typebox';

/** A message attribute of SQS and SNS; `BinaryValue` is base64. */
export const messageAttribute = Type.Object({
  DataType: Type.String({ minLength: 1, maxLength: 256 }),
  StringValue: Type.Optional(Type.String()),
  BinaryValue: Type.Optional(Type.String()),
});

export type MessageAttribute = Readonly<Static<typeof messageAttribute>>;
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;
