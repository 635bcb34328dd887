/** Where programs and folders are; and what marks all that is started from one place (TENFOLD_). */
const needed = /^(PATH|HOME|TMPDIR|TMP|TEMP|TENFOLD_.*)$/;

/**
 * What a person has set for other programs is not for those of the region: PG* for the databases of their work, NODE_OPTIONS, a
 * language, a shell's start-up file. And what is on this machine is reached without a proxy, whatever NODE_USE_ENV_PROXY says.
 */
export function takeLittleOfTheEnvironment(): void {
  for (const name of Object.keys(process.env)) if (!needed.test(name)) delete process.env[name];
  process.env.NO_PROXY = '*';
  // PostgreSQL's user has to get at what it is given. What is secret has a mode of its own.
  process.umask(0o022);
}
