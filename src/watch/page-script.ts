import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPackage } from '../runtime/processes.ts';

/** What runs in the page, as one script. A package has it made by bin/build-package.mjs; a checkout makes it. */
export async function pageScript(): Promise<string> {
  if (isPackage) return await readFile(join(import.meta.dirname, 'page.js'), 'utf8');
  const { bundlePage } = await import('./bundle-page.ts');
  return await bundlePage(join(import.meta.dirname, 'page', 'main.ts'));
}
