import type { S3Core } from '../core.js';
import { malformedXml, notImplemented } from '../errors.js';
import {
  getBucketNotificationConfigurationModel,
  getBucketVersioningModel,
  putBucketNotificationConfigurationModel,
  putBucketVersioningModel,
} from '../shapes/bucket-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { BucketRecord } from '../storage/records.js';

/** Settings that change the engine's treatment of a bucket: versioning, and the target of its events. */
export function configurationOperations(core: S3Core): Implementation[] {
  const change = async (bucket: BucketRecord) => {
    core.buckets.save(bucket);
    await core.context.journal.flush();
    return {};
  };
  return [
    implement(putBucketVersioningModel, (input) => {
      const { Status, MFADelete } = input.VersioningConfiguration;
      if (MFADelete === 'Enabled') throw notImplemented('MFA delete');
      if (Status !== 'Enabled' && Status !== 'Suspended')
        throw malformedXml('the Status of a versioning configuration is Enabled or Suspended');
      return change({ ...core.buckets.get(input.Bucket), versioning: Status });
    }),

    implement(getBucketVersioningModel, (input) => ({ Status: core.buckets.get(input.Bucket).versioning })),

    implement(putBucketNotificationConfigurationModel, (input) => {
      const configuration = input.NotificationConfiguration;
      const direct = [
        configuration.TopicConfigurations,
        configuration.QueueConfigurations,
        configuration.LambdaFunctionConfigurations,
      ].some((targets) => targets !== undefined && targets.length > 0);
      if (direct)
        throw notImplemented(
          'notifications from S3 straight to SNS, SQS or Lambda; send them to EventBridge and write a rule',
        );
      return change({
        ...core.buckets.get(input.Bucket),
        eventBridge: configuration.EventBridgeConfiguration !== undefined,
      });
    }),

    implement(getBucketNotificationConfigurationModel, (input) => ({
      EventBridgeConfiguration: core.buckets.get(input.Bucket).eventBridge === true ? {} : undefined,
    })),
  ];
}
