import { InvalidArgumentError, Option } from 'commander';

/** Of all commands that use a shop or a cluster of somebody's. */
export const productionOption = () =>
  new Option('--i-mean-production <reason>', 'allow a drill on production; the reason goes into the report').argParser(
    (value: string) => {
      if (value.trim() !== '') return value.trim();
      throw new InvalidArgumentError('A reason is needed.');
    },
  );
