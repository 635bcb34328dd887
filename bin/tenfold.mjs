#!/usr/bin/env node
// The package's command. Its TypeScript configs need a Node that runs them; npm puts the one that comes along first on the PATH.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

if (!process.features.typescript) {
  process.stderr.write(
    `tenfold: this Node (${process.version}) does not run TypeScript, which a config is\n` +
      '  what to do: use Node 24, or let the package node be installed and start tenfold by npx\n',
  );
  process.exit(4);
}
// Compiled once, beside the packages, as ../../.. is node_modules.
enableCompileCache(join(import.meta.dirname, '../../../.cache/tenfold/commands'));
await import('../src/cli/main.js');
