import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { controlFolder } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { EarlierFiles, formatS3Uri, objectIn, parseS3Uri, type StatePayload } from '@bclaw/spec/run-time';
import { isNotFound, refusedOr } from '../storage/failures.js';
import { listObjects, readText } from '../storage/objects.js';

/** A marker has the names of a step's files. */
const maxMarkerBytes = 64 * 1024 * 1024;

/** Tells the files of earlier runs in the job's repository from this run's. */
export function earlierFilesOf(s3: S3Client, { execution, repo, job_data }: StatePayload): EarlierFiles {
  const repository = { bucket: repo.bucket, key: repo.prefix };
  return new EarlierFiles(
    { execution, repository, jobData: parseS3Uri(job_data) ?? repository },
    {
      async head(location) {
        try {
          const request = new HeadObjectCommand({ Bucket: location.bucket, Key: location.key });
          const { LastModified: modified = new Date(), Metadata: metadata } = await s3.send(request);
          return { modified, ...given({ executionId: metadata?.['execution_id'] }) };
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw refusedOr(error, `read ${formatS3Uri(location)}`);
        }
      },
      async markers(repository) {
        const texts: string[] = [];
        const { bucket, key } = objectIn(repository, `${controlFolder}/`);
        for await (const objects of listObjects(s3, bucket, key, 'folder'))
          for (const { key: found } of objects) {
            if (!found.endsWith('.complete')) continue;
            const read = await readText(s3, { bucket, key: found }, maxMarkerBytes);
            if (read.kind === 'text') texts.push(read.text);
          }
        return texts;
      },
    },
  );
}
