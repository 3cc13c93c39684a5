import { invalidObjectState, invalidStorageClass } from './errors.js';
import type { ObjectVersion } from './storage/records.js';

/** The storage classes of an ordinary bucket, and which of them archive what they hold. */
const archives: Readonly<Record<string, boolean>> = {
  DEEP_ARCHIVE: true,
  GLACIER: true,
  GLACIER_IR: false,
  INTELLIGENT_TIERING: false,
  ONEZONE_IA: false,
  REDUCED_REDUNDANCY: false,
  STANDARD: false,
  STANDARD_IA: false,
};

/** @throws S3Error `InvalidStorageClass` for a class that an ordinary bucket does not have */
export function checkStorageClass(storageClass: string | undefined): void {
  if (storageClass !== undefined && !Object.hasOwn(archives, storageClass)) throw invalidStorageClass(storageClass);
}

/** @throws S3Error `InvalidObjectState` for an object in an archive, which must be restored before its content is read */
export function checkReadable({ storageClass = 'STANDARD' }: ObjectVersion): void {
  if (archives[storageClass] === true)
    throw invalidObjectState(storageClass, "The operation is not valid for the object's storage class");
}

/** Like {@link checkReadable} for the source of a copy, where S3 words it differently. */
export function checkCopyable({ storageClass = 'STANDARD' }: ObjectVersion): void {
  if (archives[storageClass] === true)
    throw invalidObjectState(storageClass, "Operation is not valid for the source object's storage class");
}
