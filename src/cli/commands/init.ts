import { readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { invalid } from '../../model/errors.ts';
import { makeFolder } from '../../runtime/files.ts';
import { isPackage, rootFolder } from '../../runtime/processes.ts';

const template = join(rootFolder, 'src', 'cli', 'config-template', 'tenfold.config.ts');
const helper = join(rootFolder, 'src', 'model', 'config.ts');

/** Writes a commented config for a shop of one's own. Never over a file that is there. */
export async function initCommand(asked: string): Promise<void> {
  if (!/\.m?[jt]s$/.test(asked))
    throw invalid(`${asked} cannot name a config: a config is a module, so it ends in .ts`, 'init tenfold.config.ts');
  const file = await loadable(asked);
  const path = resolve(file);
  const text = await readFile(template, 'utf8');
  const helperName = isPackage ? 'tenfold/config' : specifier(dirname(path));
  const content = text.replace("'../../model/config.ts'", `'${helperName}'`);
  try {
    await makeFolder(dirname(path));
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open')
      throw invalid(`${file} already exists, and was left unchanged`, 'give another name: init FILE');
    throw invalid(`${file} cannot be written: ${code}`, 'give another name: init FILE');
  }
  process.stdout.write(`Wrote ${file}. Describe your shop in it, then:\n`);
  process.stdout.write(`  npm run tenfold -- describe checkout-down --config ${file}\n`);
  process.stdout.write(`  npm run drill -- checkout-down --config ${file} --profile brief\n`);
}

/** Node takes a .ts file for what the package around it says, and a config is an ES module: .mts is one anywhere. */
async function loadable(file: string): Promise<string> {
  return extname(file) === '.ts' && (await isCommonJs(dirname(resolve(file)))) ? file.replace(/\.ts$/, '.mts') : file;
}

async function isCommonJs(folder: string): Promise<boolean> {
  const found = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (found === null) return dirname(folder) !== folder && (await isCommonJs(dirname(folder)));
  return /"type"\s*:\s*"commonjs"/.test(found);
}

/** Node decodes what it imports; and the name stands in quotes. */
const encoded = (name: string): string => encodeURIComponent(name).replaceAll("'", '%27');

/** How a module in a folder imports the helper that types a config. */
function specifier(folder: string): string {
  const path = relative(folder, helper).split(sep).map(encoded).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
