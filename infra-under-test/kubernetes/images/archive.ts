import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from './run.ts';

const architectures: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export interface Archive {
  /** The program that the image runs, and others, and where they are in there. */
  programs: [Program, ...Program[]];
  /** What programs load by themselves, which is in the same place there. */
  libraries?: readonly string[];
  /** A folder that goes to /app. */
  app?: string;
  tag: string;
  file: string;
  /** For what is made on the way. */
  folder: string;
}

interface Program {
  from: string;
  to: string;
}

/**
 * Writes an image as `docker save` does (docker-archive): one layer with programs of this machine and the libraries that they are linked
 * to. No base system, and no container engine is needed.
 */
export async function writeArchive({ programs, libraries = [], app, tag, file, folder }: Archive): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error('an archive holds programs of this machine, so it is made on Linux');
  const root = join(folder, 'root');
  for (const { from, to } of [...programs, ...libraries.map((path) => ({ from: path, to: path }))])
    await addProgram(root, from, to);
  if (app !== undefined) await cp(app, join(root, 'app'), { recursive: true });
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0::/:/nologin\nshop:x:10001:10001::/:/nologin\n');
  await mkdir(join(root, 'tmp'), { mode: 0o1777 });
  const layer = join(folder, 'layer.tar');
  await tar(root, layer, ['.']);
  const diffId = `sha256:${await sha256Of(layer)}`;
  const config = JSON.stringify({
    architecture: architectures[arch()] ?? arch(),
    os: 'linux',
    config: { Entrypoint: [programs[0].to], Env: ['PATH=/usr/local/bin'] },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created_by: 'tenfold' }],
  });
  await writeFile(join(folder, 'config.json'), config);
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]),
  );
  await tar(folder, file, ['manifest.json', 'config.json', 'layer.tar']);
}

/** The same files make the same archive. */
const tar = (from: string, file: string, names: string[]): Promise<string> =>
  run('tar', [
    '--sort=name',
    '--mode=a+rX',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mtime=@0',
    '-C',
    from,
    '-cf',
    file,
    ...names,
  ]);

/** A program or a library, and where it looks for them the libraries that it is linked to. */
async function addProgram(root: string, program: string, as: string): Promise<void> {
  const put = async (from: string, to: string) => {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(await realpath(from), join(root, to));
  };
  await put(program, as);
  // It fails for one that is linked to none.
  const linked = await run('ldd', [program]).catch(() => '');
  for (const [, library] of linked.matchAll(/(\/\S+) \(0x/g)) await put(library as string, library as string);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
