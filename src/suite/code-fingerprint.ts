import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checksum, fingerprint } from '../runtime/files.ts';
import { extension, isPackage, rootFolder } from '../runtime/processes.ts';

/** The code that makes a run what it is: the platform, the faults, the traffic, the harness and their libraries. */
const folders = ['bin', 'chaos', 'infra-under-test', join('scenarios', 'traffic'), 'src'];
/** The package says its libraries in its own package.json. */
const files = isPackage ? [join('..', 'package.json')] : ['package-lock.json'];
/** Tests and prose; and what starts runs or tells of them, but does not change what they come to. */
const tellsNothing =
  /\.test\.ts$|\.d\.ts$|\.md$|[/\\]test[/\\]|^infra-under-test.protections\.json$|^src.(cli|doctor|prove|report|suite)\b/;

/** SHA-256 over all code that every run depends on, committed or not. */
export async function programFingerprint(): Promise<string> {
  const found = await Promise.all(folders.map((folder) => filesBelow(folder)));
  return await sumsOf([...found.flat(), ...files].filter((path) => !tellsNothing.test(path)));
}

/** SHA-256 over a drill's definition and those that it builds on. What they share as data stands in its plan. */
export async function drillFingerprint(drill: string): Promise<string> {
  const paths = new Set<string>();
  const follow = async (name: string): Promise<void> => {
    const path = join('scenarios', name + extension);
    if (paths.has(path)) return;
    paths.add(path);
    const text = await readFile(join(rootFolder, path), 'utf8');
    for (const [, other] of text.matchAll(/ from '\.\/([\w-]+)\.[jt]s'/g)) await follow(other as string);
  };
  await follow(drill);
  return await sumsOf([...paths]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(rootFolder, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(rootFolder, join(entry.parentPath, entry.name)));
}

async function sumsOf(paths: string[]): Promise<string> {
  const sums = paths.sort().map(async (path) => {
    const { sha256 } = await checksum(join(rootFolder, path));
    return [path.split(sep).join('/'), sha256];
  });
  return fingerprint(await Promise.all(sums));
}
