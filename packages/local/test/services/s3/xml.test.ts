import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { readXml, writeXml } from '../../../src/services/s3/http/xml.js';
import { flag, flattened, integer, listOf, text } from '../../../src/services/s3/shapes/traits.js';

const document = Type.Object({
  Name: text(),
  Count: integer(),
  Quiet: flag(),
  Entries: flattened('Entry', Type.Object({ Key: Type.String() })),
  Tags: listOf('Tag', Type.Object({ Value: Type.String() })),
});

const anyText = fc.string({ unit: 'binary' });

describe('XML documents', () => {
  it('give back what was written, whatever characters it has', () => {
    const value = fc.record({
      Name: anyText,
      Count: fc.integer(),
      Quiet: fc.boolean(),
      Entries: fc.array(fc.record({ Key: anyText }), { maxLength: 3 }),
      Tags: fc.array(fc.record({ Value: anyText }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(value, (written) => {
        const read = readXml('Root', document, writeXml('Root', document, written));
        expect(read).toEqual(written.Entries.length === 0 ? { ...written, Entries: undefined } : written);
      }),
      { numRuns: 300 },
    );
  });

  it('are read with any white space, prefixes and order, and keep the white space of their values', () => {
    const xml = `<?xml version="1.0"?>
      <s3:Root xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">
        <Tags> <Tag><Value> a &amp;#38; b </Value></Tag> </Tags>
        <Entry><Key>1</Key></Entry>
        <Unknown>x</Unknown>
        <Count> 7 </Count><Quiet>true</Quiet>
      </s3:Root>`;
    expect(readXml('Root', document, xml)).toEqual({
      Tags: [{ Value: ' a &#38; b ' }],
      Entries: [{ Key: '1' }],
      Count: 7,
      Quiet: true,
    });
  });
});
