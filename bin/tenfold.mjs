#!/usr/bin/env node
// The package's command. Its TypeScript configs need a Node that runs them; npm puts the one that comes along first on the PATH.
if (!process.features.typescript) {
  process.stderr.write(
    `tenfold: this Node (${process.version}) does not run TypeScript, which a config is\n` +
      '  what to do: use Node 24, or let the package node be installed and start tenfold by npx\n',
  );
  process.exit(4);
}
await import('../src/cli/main.js');
