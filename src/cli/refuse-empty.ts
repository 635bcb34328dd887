import type { Command } from 'commander';
import { invalid } from '../model/errors.ts';

/**
 * An empty value is, as a rule, a variable of the shell that is not set; what would be done without it was not asked for.
 * @throws TenfoldError (invalid) with all arguments and options that are empty.
 */
export function refuseEmpty(command: Command): void {
  const empty = [
    ...command.args.flatMap((given, index) => (given === '' ? [nameOf(command, index)] : [])),
    ...command.options.flatMap((option) =>
      command.getOptionValue(option.attributeName()) === '' ? [option.flags] : [],
    ),
  ];
  if (empty.length === 0) return;
  throw invalid(
    empty.map((name) => `${name} is empty`),
    'give a value, or leave it out; a shell variable that is not set expands to nothing',
  );
}

/** What an argument is called in the help. */
const nameOf = ({ registeredArguments }: Command, index: number): string =>
  (registeredArguments[index] ?? registeredArguments.at(-1))?.name() ?? 'an argument';
