import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Whether a file is a complete gzip with a right checksum. DuckDB reads a truncated one as if nothing were missing. */
export async function isCompleteGzip(path: string): Promise<boolean> {
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  return await pipeline(createReadStream(path), createGunzip({ chunkSize: 1 << 18 }), discard).then(
    () => true,
    () => false,
  );
}
