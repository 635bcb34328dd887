/** `npm run bench [-- <name> [options]]`: runs the benches, each in a process of its own, one after the other. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../src/model/exit-codes.ts';
import { shell } from '../src/runtime/shell.ts';

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'run.ts')))
  .map(({ name }) => name)
  .sort();

const telling = new URL('tell-options.ts', import.meta.url).href;

const program = new Command('bench')
  .description('What tenfold costs and how right it is, measured side by side with its targets.')
  .argument('[name]', `one of ${names.join(', ')}; without it, all`)
  .argument('[options...]', 'options of that bench: npm run bench -- judging --calls 200000')
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (name: string | undefined, options: string[]) => {
    if (name !== undefined && !names.includes(name)) {
      process.stderr.write(`there is no bench ${name}, there are ${names.join(', ')}\n`);
      process.exitCode = exitCodes.invalid;
      return;
    }
    for (const each of name === undefined ? names : [name]) {
      process.stdout.write(`\n== ${each}\n`);
      const script = join(import.meta.dirname, each, 'run.ts');
      const { exitCode } = await shell({
        stdio: 'inherit',
      })`${process.execPath} --import ${telling} ${script} ${options}`;
      process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode ?? exitCodes.bug);
    }
  });
await program.parseAsync();
