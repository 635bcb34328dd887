/** Builds the images of a drill on a cluster: by Docker, or as an archive without it. */
import { existsSync, globSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { findK6 } from '../../../src/load/find-k6.ts';
import { type Archive, writeArchive } from './archive.ts';
import { bundleSentinel, bundleStorefront } from './bundle.ts';
import { buildByDocker, hasDocker } from './docker.ts';

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

/** What an image is made of. */
interface Content extends Pick<Archive, 'programs' | 'libraries' | 'app'> {
  dockerfile: string;
}

/** The Node that runs this, for what is in /app. */
const onNode: Omit<Content, 'app'> = {
  programs: [{ from: process.execPath, to: '/usr/local/bin/node' }],
  dockerfile: 'FROM node:24-slim\nCOPY app /app\nENTRYPOINT ["/usr/local/bin/node"]\n',
};

const images: Record<string, (folder: string) => Promise<Content>> = {
  async storefront(folder) {
    say('bundling the storefront');
    return { ...onNode, app: await bundleStorefront(folder) };
  },
  async sentinel(folder) {
    say('bundling the sentinel');
    return { ...onNode, app: await bundleSentinel(folder) };
  },
  /** The k6 that drills on this machine run, and nothing else. */
  async k6(folder) {
    const { path } = await findK6(say);
    await copyFile(path, join(folder, 'k6'));
    const dockerfile = 'FROM scratch\nCOPY k6 /usr/local/bin/k6\nENTRYPOINT ["/usr/local/bin/k6"]\n';
    return { programs: [{ from: path, to: '/usr/local/bin/k6' }], dockerfile };
  },
  /** What changes the network of a pod, and a shell. */
  async network() {
    const dockerfile = 'FROM alpine:3.22\nRUN apk add --no-cache iproute2-tc iptables\n';
    const program = (name: string) => ({ from: programOnPath(name), to: `/usr/local/bin/${name}` });
    // iptables loads its matches when it needs them.
    const libraries = globSync('/usr/lib/{*/,}xtables/libxt_{standard,statistic}.so');
    return { programs: [program('sh'), program('sleep'), program('tc'), program('iptables')], libraries, dockerfile };
  },
};

/** Programs of the system are not on everybody's PATH. @throws where there is none of that name */
function programOnPath(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} on this machine: install iproute2 and iptables`);
  return found;
}

const program = new Command('images')
  .description(
    'Builds an image for drills on a cluster: the storefront, k6 or a sentinel for pods, or what degrades the network of pods.',
  )
  .addArgument(new Argument('[image]', 'which one').choices(Object.keys(images)).default('storefront'))
  .option('--tag <reference>', 'the name and tag of the image (default: tenfold/<image>:dev)')
  .option('--archive <file>', 'write a docker-archive instead of asking Docker; Linux only')
  .option('--push', 'push it to the registry of its name', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run images -- --tag registry.example/tenfold/storefront:1 --push
  npm run images -- k6 --tag registry.example/tenfold/k6:1 --push
  npm run images -- network --tag registry.example/tenfold/network:1 --push
  npm run images -- sentinel --tag registry.example/tenfold/sentinel:1 --push
  npm run images -- --tag docker.io/local/storefront:1 --archive storefront.tar`,
  )
  .action(async (image: string, { archive, push, ...given }: { tag?: string; archive?: string; push: boolean }) => {
    const tag = given.tag ?? `tenfold/${image}:dev`;
    const folder = await mkdtemp(join(tmpdir(), 'tenfold-image-'));
    try {
      const content = await images[image]?.(folder);
      if (content === undefined) return;
      if (archive !== undefined) {
        say(`writing ${archive}`);
        await writeArchive({ ...content, tag, file: resolve(archive), folder });
      } else if (await hasDocker()) await buildByDocker({ dockerfile: content.dockerfile, context: folder, tag, push });
      else throw new Error('Docker does not answer; start it, or use --archive FILE');
      process.stdout.write(`${tag}\n`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`images: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
