/** Loaded before the command that is measured (node --import): its CPU time goes to stderr, last. */
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write(`\ncpu-ms ${Math.round((user + system) / 1000)}`);
});
