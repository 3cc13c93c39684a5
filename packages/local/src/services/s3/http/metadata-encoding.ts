/**
 * User metadata in headers. S3 accepts UTF-8 there, which Node.js reads as Latin-1, and returns non-ASCII text as an
 * encoded word (RFC 2047).
 */

const encodedWord = /^=\?utf-8\?([bq])\?(.*)\?=$/i;

export function decodeMetadata(header: string): string {
  const [, encoding, text = ''] = encodedWord.exec(header) ?? [];
  if (encoding?.toUpperCase() === 'B') return Buffer.from(text, 'base64').toString('utf8');
  const decoded = Buffer.from(header, 'latin1').toString('utf8');
  return decoded.includes('\ufffd') ? header : decoded;
}

export const encodeMetadata = (value: string): string =>
  /^[\x20-\x7e\t]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
