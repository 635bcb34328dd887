/** `npm run platform`: the platform without a drill. The pocket region has a command line of its own; a cluster's is here. */
import { pathToFileURL } from 'node:url';
import { Command, CommanderError } from 'commander';
import { invalid } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { sayAsTyped } from '../runtime/as-typed.ts';
import { programAt } from '../runtime/processes.ts';
import { defaultClusterFile } from './load-cluster.ts';
import { names } from './names.ts';
import { onAScreen } from './on-a-screen.ts';
import { productionOption } from './production-option.ts';
import { sayError } from './say-error.ts';
import { takeTarget } from './take-target.ts';
import { goWhereItWasTyped } from './typed-folder.ts';

const program = new Command('platform --target kubernetes')
  .description('The reference platform on a cluster, without a drill.')
  .showHelpAfterError('(--help shows commands and options)')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(onAScreen(text)) });

program
  .command('up')
  .description('stand the platform up and leave it')
  .option('--cluster <file>', 'the settings of a cluster, or k3s to start one', defaultClusterFile)
  .option('--scaled-out', 'run more pods from the start, as before a peak', false)
  .option('--without <names>', 'protections to switch off, separated by commas', names, [])
  .addOption(productionOption())
  .action(async (options) => await (await import('./commands/platform-up.ts')).platformUpCommand(options));

program
  .command('status')
  .description('say where it is')
  .action(async () => await (await import('./commands/platform-down.ts')).platformStatusCommand());

program
  .command('down')
  .description('take it down, and the k3s that was started for it or left by --keep')
  .action(async () => await (await import('./commands/platform-down.ts')).platformDownCommand());

const { target, rest } = takeTarget(process.argv.slice(2));
if (target === 'local') {
  process.argv.splice(2, process.argv.length, ...rest);
  // By its path: the region is a program of its own.
  await import(pathToFileURL(programAt('infra-under-test', 'region', 'main')).href);
} else await platformOnCluster();

async function platformOnCluster(): Promise<void> {
  goWhereItWasTyped();
  sayAsTyped([process.stdout, process.stderr]);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    if (target !== 'kubernetes')
      throw invalid(`there is no platform ${target}`, 'it is local, the pocket region, or kubernetes');
    await program.parseAsync(rest, { from: 'user' });
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (isHelp) process.exitCode = exitCodes.pass;
    else process.exitCode = error instanceof CommanderError ? exitCodes.invalid : sayError(error);
  }
  // What watched the cluster while the platform was stood up has nothing left to do.
  process.exit();
}
