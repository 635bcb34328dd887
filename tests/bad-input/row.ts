import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One bad input: what is given, and how it must be refused. */
export interface Row {
  what: string;
  /** After the program; relative paths are below the folder of `files`. */
  args: string[];
  /** The main file of a program that is not tenfold's. */
  program?: string;
  /** What exists before, by its path. */
  files?: Record<string, string | Uint8Array | Special>;
  /** Does what `files` cannot. */
  prepare?: (folder: string) => Promise<void>;
  env?: Record<string, string>;
  /** 4 (invalid) by default. */
  exitCode?: number;
  /** On stderr: what is wrong, and what to do. */
  says: RegExp;
  /** On stdout, where something must be printed. */
  prints?: RegExp;
}

export type Special = { folder: true } | { linkTo: string } | { emptyBytes: number };

/** Writes what exists before a row's command. */
export async function lay(folder: string, { files = {}, prepare }: Row): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(path, content);
    else if ('folder' in content) await mkdir(path);
    else if ('linkTo' in content) await symlink(content.linkTo, path);
    else {
      await writeFile(path, '');
      await truncate(path, content.emptyBytes);
    }
  }
  await prepare?.(folder);
}

/** A pattern that matches where all of these do, in any order. */
export const all = (...patterns: RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => `(?=[\\s\\S]*${source})`).join(''));
