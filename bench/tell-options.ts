import { exitCodes } from '../src/model/exit-codes.ts';

/** Loaded before each bench (node --import): an option that it does not take is not a bug in the bench. */
process.once('uncaughtException', (error: NodeJS.ErrnoException) => {
  const isOption = error.code?.startsWith('ERR_PARSE_ARGS') ?? false;
  process.stderr.write(`${isOption ? `${error.message}\n` : error.stack}\n`);
  process.exit(isOption ? exitCodes.invalid : 1);
});
