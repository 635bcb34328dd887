import { createHash } from 'node:crypto';
import { glob, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotTell } from '../../../model/errors.ts';
import { nodeEnvironment } from '../../../runtime/child-environment.ts';
import { checksum, isFile, makeFolder } from '../../../runtime/files.ts';
import { programAt, rootFolder, run } from '../../../runtime/processes.ts';

const buildTimeoutMs = 180_000;

/** What the image is made of. */
const sources = ['infra-under-test/storefront/**', 'infra-under-test/kubernetes/images/**', 'package-lock.json'];

/** The name of the storefront's image: another one for every other code. */
export async function storefrontReference(): Promise<string> {
  const files = (await Array.fromAsync(glob(sources, { cwd: rootFolder })))
    .filter((path) => isFile(join(rootFolder, path)))
    .sort();
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(file).update((await checksum(join(rootFolder, file))).sha256);
  return `docker.io/tenfold/storefront:${hash.digest('hex').slice(0, 12)}`;
}

/** Builds the image as an archive in a folder, unless it is there. @returns the archive. @throws with what the build said */
export async function storefrontArchive(
  reference: string,
  folder: string,
  { progress, signal }: { progress: (message: string) => void; signal: AbortSignal },
): Promise<string> {
  const archive = join(folder, `storefront-${reference.split(':').at(-1)}.tar`);
  if (isFile(archive)) return archive;
  progress("building the storefront's image");
  await makeFolder(folder);
  for await (const old of glob('storefront-*', { cwd: folder })) await rm(join(folder, old), { force: true });
  const draft = `${archive}.draft`;
  const args = [programAt('infra-under-test', 'kubernetes', 'images', 'main'), '--tag', reference, '--archive', draft];
  const end = await run(process.execPath, args, {
    cwd: rootFolder,
    environment: nodeEnvironment(),
    timeoutMs: buildTimeoutMs,
    signal,
  });
  signal.throwIfAborted();
  if (!end.ok)
    throw cannotTell(`the storefront's image could not be built: ${end.stderr || end.message}`, {
      hint: 'npm run images -- --archive FILE does the same; or name an image in the settings',
    });
  await rename(draft, archive);
  return archive;
}
