/** Builds the image of the storefront: by Docker, or as an archive without it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { writeArchive } from './archive.ts';
import { bundleStorefront } from './bundle.ts';
import { buildByDocker, hasDocker } from './docker.ts';

const program = new Command('images')
  .description("Builds the storefront's image, which the manifests of infra-under-test/kubernetes run.")
  .option('--tag <reference>', 'the name and tag of the image', 'tenfold/storefront:dev')
  .option('--archive <file>', 'write a docker-archive instead of asking Docker; Linux only')
  .option('--push', 'push it to the registry of its name', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run images -- --tag registry.example/tenfold/storefront:1 --push
  npm run images -- --tag docker.io/local/storefront:1 --archive storefront.tar`,
  )
  .action(async ({ tag, archive, push }: { tag: string; archive?: string; push: boolean }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tenfold-image-'));
    try {
      process.stderr.write('bundling the storefront\n');
      const app = await bundleStorefront(folder);
      if (archive !== undefined) {
        process.stderr.write(`writing ${archive}\n`);
        await writeArchive({ app, tag, file: resolve(archive), folder });
      } else if (await hasDocker()) await buildByDocker({ app, tag, push });
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
