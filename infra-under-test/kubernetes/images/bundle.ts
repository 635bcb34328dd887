import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const storefront = fileURLToPath(new URL('../../storefront/', import.meta.url));
const sentinel = fileURLToPath(new URL('../../../src/probe/sentinel.ts', import.meta.url));

/** The storefront's programs with all they import, and the files that they read. @returns the folder with them, below the given one */
export async function bundleStorefront(folder: string): Promise<string> {
  const app = await bundle(folder, { main: join(storefront, 'main.ts'), migrate: join(storefront, 'migrate.ts') });
  for (const file of ['schema.sql', 'uuidv7.sql']) await copyFile(join(storefront, file), join(app, file));
  return app;
}

/** The sentinel with all it imports. @returns the folder with it, below the given one */
export const bundleSentinel = (folder: string): Promise<string> => bundle(folder, { sentinel });

async function bundle(folder: string, input: Record<string, string>): Promise<string> {
  const app = join(folder, 'app');
  await build({
    input,
    platform: 'node',
    // Asked for by pg, which does without it.
    external: ['pg-native'],
    logLevel: 'warn',
    output: { dir: app, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
  });
  return app;
}
