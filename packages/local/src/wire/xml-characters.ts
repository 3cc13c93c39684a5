/** Returns true if text has characters that XML 1.0 does not allow, which SQS and SNS refuse: U+0000, for example. */
export const hasInvalidXmlCharacters = (text: string): boolean =>
  /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text);
