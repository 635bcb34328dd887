// Plain JavaScript, loaded before everything else (node --import): a Node that runs no TypeScript, or a checkout that is not installed,
// says what is missing.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

if (!process.features.typescript) {
  process.stderr.write(
    `tenfold: this Node (${process.version}) does not run TypeScript, and the one that tenfold brings along is missing\n` +
      '  what to do: npm ci without --ignore-scripts (or npm rebuild node), or use Node 24\n',
  );
  process.exit(4);
}
try {
  import.meta.resolve('commander');
} catch {
  process.stderr.write('tenfold: its libraries are not installed\n  what to do: npm ci\n');
  process.exit(4);
}
// What has been compiled once is read the next time: a third less before a command starts. Where it cannot be kept, all goes on without.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/tenfold/commands'));
