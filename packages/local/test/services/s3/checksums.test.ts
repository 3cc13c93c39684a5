import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checksumAlgorithms,
  checksumBytes,
  createChecksum,
  fullObjectChecksum,
} from '../../../src/services/s3/checksums/algorithms.js';

const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 });

describe('checksums', () => {
  it.each(checksumAlgorithms)('of %s do not depend on how the content is cut', (algorithm) => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const whole = createChecksum(algorithm);
        whole.update(Buffer.concat(parts));
        const cut = createChecksum(algorithm);
        for (const part of parts) cut.update(part);
        const digest = whole.digest();
        expect(cut.digest()).toEqual(digest);
        expect(digest).toHaveLength(checksumBytes(algorithm));
      }),
    );
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('of %s follow from those of the parts', (algorithm) => {
    const checksumOf = (content: Uint8Array) => {
      const checksum = createChecksum(algorithm);
      checksum.update(content);
      return checksum.digest().toString('base64');
    };
    fc.assert(
      fc.property(pieces, (parts) => {
        const described = parts.map((part) => ({ checksum: checksumOf(part), size: part.length }));
        expect(fullObjectChecksum(algorithm, described)).toBe(checksumOf(Buffer.concat(parts)));
      }),
    );
  });
});
