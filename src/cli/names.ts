import { InvalidArgumentError } from 'commander';

/** Names, separated by commas, as an option takes them. */
export function names(value: string): string[] {
  const found = value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (found.length > 0) return found.sort();
  throw new InvalidArgumentError('It must be one name, or several separated by commas.');
}
