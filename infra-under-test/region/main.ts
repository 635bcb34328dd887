/** The pocket region's command line. Exit codes: 0 done, 4 bad options or an unfit machine, 1 anything else. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { RegionError } from './errors.ts';
import { takeLittleOfTheEnvironment } from './own-environment.ts';
import { defaultStateFolder } from './paths.ts';

takeLittleOfTheEnvironment();

// Each command loads its code when it runs: most need little of the region.
const program = new Command('platform')
  .description('A pocket AWS region on this machine: three zones, a shop in it, a database that fails over.')
  .exitOverride()
  .showHelpAfterError('(--help lists commands and options)');

const stateOption = [
  '--state <folder>',
  'where the platform of this checkout is remembered',
  parseFolder,
  defaultStateFolder,
] as const;
const regionOption = [
  '--dir <folder>',
  'the region in this folder (default: the platform of this checkout)',
  parseFolder,
] as const;

program
  .command('up')
  .description('start a region and open the shop')
  .option('--dir <folder>', 'a new folder for its data, removed at the end (default: a temporary one)', parseFolder)
  .option('--edge-port <port>', "the shop's port (default: any free one)", parsePort, 0)
  .option('--scaled-out', 'run all pods that autoscaling may add from the start, as before a peak', false)
  .option('--without <names>', 'protections to switch off, separated by commas', parseNames, [])
  .option('--json', 'print region.json, on one line', false)
  .option('--lifeline', 'stay in the foreground, and end when stdin ends', false)
  .option(...stateOption)
  .action(async ({ lifeline, ...given }) => {
    const options = { dir: undefined, ...given };
    if (lifeline) await (await import('./commands/up-with-lifeline.ts')).upWithLifeline(options);
    else await (await import('./commands/up-in-background.ts')).upInBackground(options);
  });

program
  .command('status')
  .description('show how it is')
  .option('--json', 'as one line of JSON', false)
  .option(...regionOption)
  .option(...stateOption)
  .action(async ({ dir, state, json }) =>
    (await import('./commands/status.ts')).status({ folder: dir ?? state, json }),
  );

program
  .command('down')
  .description('end it and remove its data, also when it has died')
  .option(...regionOption)
  .option(...stateOption)
  .action(async ({ dir, state }) => (await import('./commands/down.ts')).down({ folder: dir ?? state }));

program
  .command('serve', { hidden: true })
  .requiredOption('--region <id>')
  .requiredOption('--dir <folder>')
  .requiredOption('--edge-port <port>', '', parsePort)
  .requiredOption('--state <folder>')
  .option('--scaled-out', '', false)
  .option('--without <names>', '', parseNames, [])
  .action(async ({ region, ...options }) => (await import('./commands/serve.ts')).serve({ id: region, ...options }));

// An owner that died took its ends of these pipes with it: the region must still end in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  process.exit(exitCodeOf(error as Error));
}

/** Tells the user what is wrong, and returns the exit code for it. */
function exitCodeOf(error: Error): number {
  // Commander has printed its own message: help is no error, the rest is about the options.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 4;
  // A refusal by the system is no bug: its message says what it is.
  const isPlain = error instanceof RegionError || 'syscall' in error;
  const told = isPlain ? error.message : (error.stack ?? error.message);
  process.stderr.write(`platform: ${told}\n`);
  return error instanceof RegionError ? error.exitCode : 1;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

function parseNames(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length > 0) return names;
  throw new InvalidArgumentError('It must be one name, or several with commas in between.');
}

/** An empty one comes from an unset shell variable, and would mean the current folder. */
function parseFolder(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
