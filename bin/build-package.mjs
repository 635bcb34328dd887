// Makes what `npm pack` packs: JavaScript with its declarations, and what is read as it is, in dist/.
import { chmodSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx/core';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');
rmSync(out, { recursive: true, force: true });
await $({ cwd: root, shell: '/bin/sh', prefix: '', preferLocal: root, stdio: 'inherit' })`tsc -p tsconfig.build.json`;
/** The manifests, and not what builds the images, for which a checkout is needed. */
const manifests = readdirSync(join(root, 'infra-under-test/kubernetes'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => `infra-under-test/kubernetes/${name}`);
const asTheyAre = [
  ...manifests,
  'docs/runbooks',
  'docs/notebook/requirements.txt',
  'docs/notebook/run.ipynb',
  'grafana',
  'bin/expire.sh',
  'bin/leash.sh',
  'bin/tenfold.mjs',
  'bin/tenfold-platform.mjs',
  'infra-under-test/storefront/schema.sql',
  'infra-under-test/storefront/uuidv7.sql',
  'infra-under-test/protections.json',
  'infra-under-test/topology.json',
  'infra-under-test/storefront/words.json',
  'src/load/engine',
  'src/cli/config-template/tenfold.config.ts',
];
for (const path of asTheyAre) cpSync(join(root, path), join(out, path), { recursive: true });
for (const name of ['tenfold', 'tenfold-platform']) chmodSync(join(out, 'bin', `${name}.mjs`), 0o755);

// What browsers run is bundled here, as a package comes without what bundles it.
const { bundlePage } = await import(join(out, 'src/watch/bundle-page.js'));
writeFileSync(join(out, 'src/watch/page.js'), await bundlePage(join(root, 'src/watch/page/main.ts')));
