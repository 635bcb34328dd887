import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { invalid } from '../model/errors.ts';
import { isFile } from '../runtime/files.ts';
import { urlOf } from './addresses.ts';
import type { StoredRun } from './stored-run.ts';

/** A way to take a run elsewhere. */
export interface Exporter {
  /** @throws TenfoldError (invalid) when nothing could be exported there */
  check(to: string): Promise<void>;
  /** @returns what was written, in words */
  write(run: StoredRun, to: string): Promise<string>;
}

const noUrl = (to: string, wanted: string): void => {
  if (/^\w+:\/\//.test(to))
    throw invalid(`${to} is a URL, and this format needs ${wanted}`, `name ${wanted} with --to`);
};

/** A file that is not there yet. */
export async function checkFile(to: string): Promise<void> {
  noUrl(to, 'a file');
  if (existsSync(to))
    throw invalid(`there is something at ${to} already, which was left as it is`, 'name another file');
}

/** A folder with nothing in it, or none yet. */
export async function checkFolder(to: string): Promise<void> {
  noUrl(to, 'a folder');
  if (isFile(to)) throw invalid(`${to} is a file, and this format needs a folder`, 'name another with --to');
  const there = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (there.length > 0)
    throw invalid(`there is something in ${to} already, which was left as it is`, 'name another folder');
}

/** The address of a server. What is refused is not said again: there may be a password in it. */
export function checkUrl(to: string): string {
  const url = urlOf(to);
  if (url !== undefined) return url;
  throw invalid(
    'this format needs the URL of a server with --to, without credentials or a query',
    'give one such as http://localhost:4318; secrets are read from the environment (docs/EXPORTING.md)',
  );
}
