/** PostgreSQL's driver takes what it is not told from the environment, where it is meant for other databases. */
export function forgetPgVariables(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
}
