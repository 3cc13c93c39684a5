import { stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import {
  type Clients,
  downloadFile,
  downloadFolder,
  ensureBucket,
  listObjects,
  requireS3Uri,
  uploadFile,
} from '@bclaw/ops';
import { BclawError, parseS3Uri, type S3Location } from '@bclaw/spec';
import { connectToEngine } from '../connection.js';
import type { localCopyCommand, localListCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { requireEngine } from '../engine-file.js';
import { UsageError } from '../failure.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

/** `bclaw local cp`: uploads a file to the engine's S3 and creates its bucket; or downloads an object or a prefix. */
export async function copy(
  from: string,
  to: string,
  options: OptionsOf<typeof localCopyCommand>,
  terminal: Terminal,
): Promise<void> {
  const [source, target] = [parseS3Uri(from), parseS3Uri(to)];
  if ((source === undefined) === (target === undefined))
    throw new UsageError(
      'One of the two must be an s3:// URI, the other a path of this machine.',
      'Write `bclaw local cp reads.fq s3://my-data/reads.fq`, or `bclaw local cp s3://my-data/repo/ outputs`. `aws s3 cp` can do more.',
    );
  const { clients } = connectToEngine(await requireEngine(options));
  if (source !== undefined) {
    for (const path of await download(clients, from, source, to)) terminal.data(path);
  } else terminal.data(await upload(clients, from, requireS3Uri(to)));
}

/** @returns the paths of the written files: an object becomes a file, a prefix a folder */
async function download(clients: Clients, from: string, source: S3Location, to: string): Promise<string[]> {
  const objects = await listObjects(clients, source);
  if (source.key !== '' && !source.key.endsWith('/') && objects.some(({ key }) => key === source.key)) {
    const path = to.endsWith(sep) || (await isFolder(to)) ? join(to, basename(source.key)) : to;
    await downloadFile(clients, source, path);
    return [path];
  }
  const names = await downloadFolder(clients, source, to);
  if (names.length > 0) return names.map((name) => join(to, name));
  throw new BclawError('nothing-there', `There is nothing at ${from} or below it.`, {
    hint: '`bclaw local ls s3://bucket` lists what there is.',
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // it does not exist yet
  }
}

/** @returns the URI of the uploaded object; a target that ends with `/` gets the file's name */
async function upload(clients: Clients, path: string, { bucket, key }: S3Location): Promise<string> {
  if (!(await stat(path)).isFile()) throw new UsageError(`${path} is not a file.`, 'Copy its files one by one.');
  const to = { bucket, key: key === '' || key.endsWith('/') ? `${key}${basename(path)}` : key };
  await ensureBucket(clients, bucket);
  await uploadFile(clients, path, to);
  return `s3://${to.bucket}/${to.key}`;
}

/** `bclaw local ls`: objects and their sizes. */
export async function list(
  uri: string,
  options: OptionsOf<typeof localListCommand>,
  terminal: Terminal,
): Promise<void> {
  const below = requireS3Uri(uri);
  const { clients } = connectToEngine(await requireEngine(options));
  const objects = (await listObjects(clients, below)).map(({ key, bytes }) => ({
    uri: `s3://${below.bucket}/${key}`,
    bytes,
  }));
  if (options.json === true) terminal.json({ objects });
  else if (objects.length === 0) terminal.note(`There is nothing below ${uri}.`);
  else
    terminal.data(
      table(
        ['BYTES', 'OBJECT'],
        objects.map((object) => [String(object.bytes), object.uri]),
      ),
    );
}
