import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const repository = resolve(here, '../..');
const storefrontFolder = resolve(here, '../storefront');

/** The shop's programs. They are run, never imported. */
export const storefront = {
  main: join(storefrontFolder, 'main.ts'),
  migrate: join(storefrontFolder, 'migrate.ts'),
};

/** The region's own programs. */
export const programs = {
  main: join(here, 'main.ts'),
  edge: join(here, 'edge', 'main.ts'),
  nodeAgent: join(here, 'compute', 'node-agent.ts'),
  keepCompiled: join(here, 'compute', 'keep-compiled.ts'),
};

/** Where a person's platform is remembered. */
export const defaultStateFolder = join(repository, '.tenfold', 'platform');

/** What pods compiled, for those that start later: half of the CPU time of a start. Each version of Node has its own. */
export const compileCache = join(repository, 'node_modules', '.cache', 'tenfold', `compiled-${process.version}`);
