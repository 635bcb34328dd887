import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Writes a whole file or nothing: readers never see half of it. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  await makeFolder(dirname(path));
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** Plain data as indented JSON with a trailing newline. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);

/** Parsed JSON, or undefined where there is no such file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : JSON.parse(text);
}

/** A file's text, or undefined where there is no such file. @throws an error that names the path */
export async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    if (error.path === undefined) error.message += ` '${path}'`;
    throw error;
  });
}

/** The text of a user's file, which may be a pipe. @throws when there is none, or when it has more bytes than allowed */
export async function readAtMost(path: string, mostBytes: number): Promise<string> {
  const bytes = Buffer.concat(await createReadStream(path, { end: mostBytes }).toArray());
  if (bytes.length > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
  return bytes.toString();
}

/** Whether a path leads to a file that has an end: not a folder, pipe, device or dangling link. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Like `mkdir -p`. Node's own never returns where a file system answers ENOENT to whatever is made in it, as /proc does.
 * @throws when it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  let error = await made(path);
  if (error?.code === 'ENOENT' && dirname(path) !== path) {
    await makeFolder(dirname(path));
    error = await made(path);
  }
  if (error !== undefined && !(await isFolder(path))) throw error;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const made = (path: string): Promise<NodeJS.ErrnoException | undefined> =>
  mkdir(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );

/** Compresses CSV files with the same header into one, and removes them. Any of them may have a truncated last row. */
export async function gzipCsvs(paths: string[], to: string): Promise<void> {
  await pipeline(joined(paths), createGzip({ level: 1 }), createWriteStream(to));
  for (const path of paths) await rm(path);
}

/** The files' bytes, one file after the other: all but the first without their first line, each starting on a new line. */
async function* joined(paths: string[]): AsyncGenerator<Buffer> {
  let lastByte: number | undefined;
  for (const [index, path] of paths.entries()) {
    if (index > 0 && lastByte !== newLine) yield Buffer.of(newLine);
    let inHeader = index > 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const from = inHeader ? chunk.indexOf(newLine) + 1 : 0;
      if (inHeader && from === 0) continue;
      inHeader = false;
      yield chunk.subarray(from);
      lastByte = chunk.at(-1);
    }
  }
}

const newLine = 0x0a;

/** SHA-256 in hex and size in bytes. */
export async function checksum(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size };
}

/** SHA-256 in hex of a value's JSON. */
export const fingerprint = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** The same, short enough for people who compare two of them. */
export const shortSum = (value: unknown): string => `sha256 ${fingerprint(value).slice(0, 16)}`;

/**
 * A file of one JSON value per line, appended to synchronously; with `durable`, on disk before append returns. A line truncated by
 * a kill or a full disk does not spoil the next one.
 */
export class JsonLines implements Disposable {
  readonly #path: string;
  readonly #durable: boolean;
  /** null once it is closed: its number may soon be another file's. */
  #fd: number | null;
  #isTorn: boolean;

  /** @param options mode: of a file that is made; left out: by the user's umask */
  constructor(path: string, options: { durable: boolean; mode?: number }) {
    this.#path = path;
    this.#fd = openSync(path, 'a+', options.mode);
    this.#durable = options.durable;
    this.#isTorn = endsInMidLine(this.#fd);
  }

  get isClosed(): boolean {
    return this.#fd === null;
  }

  /** @throws when it cannot be written in full, or is closed. */
  append(value: unknown): void {
    if (this.#fd === null) throw new Error(`${this.#path} is closed`);
    const start = this.#isTorn ? '\n' : '';
    this.#isTorn = true;
    // Writes until all is written; a single write may take only a part.
    writeFileSync(this.#fd, `${start}${JSON.stringify(value)}\n`);
    this.#isTorn = false;
    if (this.#durable) fsyncSync(this.#fd);
  }

  [Symbol.dispose](): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

function endsInMidLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
}

/**
 * The objects of a file of JSON lines; truncated lines and lines without an object are left out. Empty where there is
 * no such file.
 */
export async function readJsonLines(path: string): Promise<object[]> {
  return ((await readIfThere(path)) ?? '').split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [value] : [];
    } catch {
      return [];
    }
  });
}
