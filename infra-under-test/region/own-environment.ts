/** Where programs and folders are, and the marks of everything started from one place (TENFOLD_). */
const needed = /^(PATH|HOME|TMPDIR|TMP|TEMP|TENFOLD_.*)$/;

/**
 * What users have set for other programs must not affect the region's: PG* for their databases at work, NODE_OPTIONS, a
 * language, a shell's start-up file. And this machine is reached without a proxy, whatever NODE_USE_ENV_PROXY says.
 */
export function takeLittleOfTheEnvironment(): void {
  for (const name of Object.keys(process.env)) if (!needed.test(name)) delete process.env[name];
  process.env.NO_PROXY = '*';
  // PostgreSQL's user must be able to read what it is given. Secrets have a mode of their own.
  process.umask(0o022);
}
