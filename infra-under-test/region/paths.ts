import { extname, join, resolve } from 'node:path';

const here = import.meta.dirname;
/** The extension of a checkout's programs, or of a package's. */
const extension = extname(import.meta.filename);
const programAt = (...path: string[]): string => join(...path) + extension;
const repository = resolve(here, '../..');
const storefrontFolder = resolve(here, '../storefront');

/** The shop's programs. They are run, never imported. */
export const storefront = {
  main: programAt(storefrontFolder, 'main'),
  migrate: programAt(storefrontFolder, 'migrate'),
};

/** The region's own programs. */
export const programs = {
  main: programAt(here, 'main'),
  edge: programAt(here, 'edge', 'main'),
  nodeAgent: programAt(here, 'compute', 'node-agent'),
  keepCompiled: programAt(here, 'compute', 'keep-compiled'),
};

/** Where a user's platform is remembered. */
export const defaultStateFolder = join(repository, '.tenfold', 'platform');

/** Code that pods compiled, for later ones: half of the CPU time of a start. Each version of Node has its own. */
export const compileCache = join(repository, 'node_modules', '.cache', 'tenfold', `compiled-${process.version}`);
