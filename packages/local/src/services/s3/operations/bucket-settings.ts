import { type TObject, type TSchema, Type } from 'typebox';
import { mistakeIn } from '../../../iam/policy.js';
import { present } from '../../../kernel/present.js';
import { membersOf } from '../../../wire/schema.js';
import type { S3Core } from '../core.js';
import { S3Error } from '../errors.js';
import { bucketLabel } from '../shapes/members.js';
import { type Implementation, implement, type OperationModel } from '../shapes/operation.js';
import {
  encryptionDocument,
  lifecycleDocument,
  ownershipDocument,
  policyDocument,
  publicAccessBlockDocument,
  taggingDocument,
} from '../shapes/setting-shapes.js';
import { checkTags } from '../tags.js';

/** A document that is stored with a bucket and returned. */
interface Setting {
  /** The sub-resource in the query string. */
  readonly query: string;
  /** AWS's operation names. */
  readonly operations: { readonly put: string; readonly get: string; readonly delete: string };
  /** The input member with the document. */
  readonly member: string;
  readonly document: TSchema;
  /** True if GET returns the document's members directly; false if the document is one member. */
  readonly spread: boolean;
  /** S3 returns 204 for some of the puts. */
  readonly putStatus?: number;
  readonly missing: { readonly code: string; readonly message: string };
}

const settings: readonly Setting[] = [
  {
    query: 'tagging',
    operations: { put: 'PutBucketTagging', get: 'GetBucketTagging', delete: 'DeleteBucketTagging' },
    member: 'Tagging',
    document: taggingDocument,
    spread: true,
    putStatus: 204,
    missing: { code: 'NoSuchTagSet', message: 'The TagSet does not exist' },
  },
  {
    query: 'lifecycle',
    operations: {
      put: 'PutBucketLifecycleConfiguration',
      get: 'GetBucketLifecycleConfiguration',
      delete: 'DeleteBucketLifecycle',
    },
    member: 'LifecycleConfiguration',
    document: lifecycleDocument,
    spread: true,
    missing: {
      code: 'NoSuchLifecycleConfiguration',
      message: 'The lifecycle configuration does not exist',
    },
  },
  {
    query: 'encryption',
    operations: { put: 'PutBucketEncryption', get: 'GetBucketEncryption', delete: 'DeleteBucketEncryption' },
    member: 'ServerSideEncryptionConfiguration',
    document: encryptionDocument,
    spread: false,
    missing: {
      code: 'ServerSideEncryptionConfigurationNotFoundError',
      message: 'The server side encryption configuration was not found',
    },
  },
  {
    query: 'publicAccessBlock',
    operations: { put: 'PutPublicAccessBlock', get: 'GetPublicAccessBlock', delete: 'DeletePublicAccessBlock' },
    member: 'PublicAccessBlockConfiguration',
    document: publicAccessBlockDocument,
    spread: false,
    missing: {
      code: 'NoSuchPublicAccessBlockConfiguration',
      message: 'The public access block configuration was not found',
    },
  },
  {
    query: 'ownershipControls',
    operations: {
      put: 'PutBucketOwnershipControls',
      get: 'GetBucketOwnershipControls',
      delete: 'DeleteBucketOwnershipControls',
    },
    member: 'OwnershipControls',
    document: ownershipDocument,
    spread: false,
    missing: {
      code: 'OwnershipControlsNotFoundError',
      message: 'The bucket ownership controls were not found',
    },
  },
  {
    query: 'policy',
    operations: { put: 'PutBucketPolicy', get: 'GetBucketPolicy', delete: 'DeleteBucketPolicy' },
    member: 'Policy',
    document: policyDocument,
    spread: false,
    putStatus: 204,
    missing: { code: 'NoSuchBucketPolicy', message: 'The bucket policy does not exist' },
  },
];

/** Put, Get and Delete of each setting. Encryption has no effect on one machine. */
export const settingOperations = (core: S3Core): Implementation[] =>
  settings.flatMap((setting) => [putSetting(core, setting), getSetting(core, setting), deleteSetting(core, setting)]);

const bucketModel = (
  setting: Setting,
  name: string,
  method: OperationModel['method'],
): Pick<OperationModel, 'name' | 'method' | 'target' | 'query'> => ({
  name,
  method,
  target: 'bucket',
  query: [setting.query],
});

function putSetting(core: S3Core, setting: Setting): Implementation {
  const input: TObject = Type.Object({ ...bucketLabel, [setting.member]: setting.document });
  const model: OperationModel = {
    ...bucketModel(setting, setting.operations.put, 'PUT'),
    ...present({ status: setting.putStatus }),
    input,
    output: Type.Object({}),
  };
  return implement(model, async (values) => {
    const bucket = core.buckets.get(nameOf(values));
    const document = Reflect.get(values, setting.member);
    checkDocument(setting, document);
    core.buckets.save({ ...bucket, settings: { ...bucket.settings, [setting.member]: document } });
    await core.context.journal.flush();
    return {};
  });
}

function getSetting(core: S3Core, setting: Setting): Implementation {
  const members = Object.fromEntries(membersOf(setting.document));
  const root = setting.spread ? rootOf(setting) : undefined;
  const model: OperationModel = {
    ...bucketModel(setting, setting.operations.get, 'GET'),
    ...present({ root }),
    input: Type.Object(bucketLabel),
    output: setting.spread ? Type.Object(members) : Type.Object({ [setting.member]: setting.document }),
  };
  return implement(model, (values) => {
    const document = core.buckets.get(nameOf(values)).settings[setting.member];
    if (document === undefined)
      throw new S3Error(setting.missing.code, setting.missing.message, {
        status: 404,
        members: { BucketName: nameOf(values) },
      });
    return setting.spread ? { ...Object(document) } : { [setting.member]: document };
  });
}

function deleteSetting(core: S3Core, setting: Setting): Implementation {
  const model: OperationModel = {
    ...bucketModel(setting, setting.operations.delete, 'DELETE'),
    status: 204,
    input: Type.Object(bucketLabel),
    output: Type.Object({}),
  };
  return implement(model, async (values) => {
    const bucket = core.buckets.get(nameOf(values));
    const { [setting.member]: _, ...rest } = bucket.settings;
    core.buckets.save({ ...bucket, settings: rest });
    await core.context.journal.flush();
    return {};
  });
}

function checkDocument(setting: Setting, document: unknown): void {
  if (setting.member === 'Tagging') checkTags(Object(document).TagSet, 50);
  if (setting.member !== 'Policy') return;
  const mistake = mistakeIn(String(document), 'resource');
  if (mistake !== undefined) throw new S3Error('MalformedPolicy', mistake);
}

const nameOf = (values: object): string => String(Reflect.get(values, 'Bucket'));

function rootOf({ document }: Setting): string | undefined {
  const payload: unknown = 'payload' in document ? document.payload : undefined;
  return typeof payload === 'object' && payload !== null && 'root' in payload ? String(payload.root) : undefined;
}
