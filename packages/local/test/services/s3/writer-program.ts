import { S3Server } from './s3-server.js';

/** Writes objects without end, four at a time, and sends its parent the key of each acknowledged one. */
const server = new S3Server({ directory: process.argv[2] ?? '' });
await server.start();
const put = async (input: object) => {
  await server.service.operations.get('PutObject')?.run({ Bucket: 'durable', ...input }, { requestId: 'writer' });
};
await server.service.operations.get('CreateBucket')?.run({ Bucket: 'durable' }, { requestId: 'writer' });

async function writer(name: string): Promise<never> {
  for (let count = 0; ; count += 1) {
    const Key = `${name}/${count}`;
    await put({ Key, Body: `content of ${Key} `.repeat(1000) });
    // Overwritten repeatedly: the old content must not be deleted before the new record is durable.
    await put({ Key: `${name}/again`, Body: `${count}`.repeat(1000) });
    process.send?.(Key);
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(writer));
