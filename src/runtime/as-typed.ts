import { isPackage } from './processes.ts';

/** How tenfold's commands are typed in a checkout, and where it is a package. */
const commands = [
  ['npm run --silent tenfold --', 'npx tenfold'],
  ['npm run tenfold --', 'npx tenfold'],
  ['npm run --silent drill --', 'npx tenfold run'],
  ['npm run drill --', 'npx tenfold run'],
  ['npm run review --', 'npx tenfold review'],
  ['npm run platform --', 'npx tenfold-platform'],
] as const;

/** A text for people with its commands as they are typed here. */
export const asTyped = (text: string, inPackage: boolean = isPackage): string =>
  inPackage ? commands.reduce((typed, [inCheckout, by]) => typed.replaceAll(inCheckout, by), text) : text;

/** From now on everything written to these streams names commands as they are typed here, whoever writes it. */
export function sayAsTyped(streams: readonly Pick<NodeJS.WriteStream, 'write'>[]): void {
  if (!isPackage) return;
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: never[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) =>
      write(typeof chunk === 'string' ? asTyped(chunk) : chunk, ...rest);
  }
}
