import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type Config, configSchema, sendableValue } from '../model/config.ts';
import { invalid, TenfoldError } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import type { Runbook } from '../model/runbook.ts';
import { secretsIn } from '../model/secrets.ts';
import { readRunbook } from '../runbook/read-runbook.ts';
import { isFile } from '../runtime/files.ts';
import { defaultExportOf } from './load-module.ts';

export const defaultConfigFile = 'tenfold.config.ts';

export interface LoadedConfig {
  config: Config;
  /** What is relative in it is relative to this folder. */
  folder: string;
  /** The k6 script of its own, absolute. */
  script: string | undefined;
  /** Environment variables whose values are never written down. */
  secrets: string[];
  /** By the names of drills. */
  runbooks: Record<string, Runbook>;
}

/**
 * Loads and checks a config.
 * @throws TenfoldError (invalid) with all its problems: its shape, a script that is not there, secrets that are not set.
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const path = resolve(file);
  if (!existsSync(path)) throw invalid(`there is no ${file}`, 'npm run tenfold -- init writes one');
  const folder = dirname(path);
  const definition = await definitionIn(path, file);
  const parsed = configSchema.safeParse(definition);
  const script = scriptOf(definition, folder);
  const { runbooks, problems: wrongRunbooks } = await runbooksOf(parsed.success ? parsed.data.runbooks : {}, folder);
  const secrets = [...new Set([...secretsIn(definition), ...(parsed.success ? parsed.data.secrets : [])])];
  const problems = [
    ...(parsed.success ? [] : [problemsIn(parsed.error)]),
    ...(script !== undefined && !isFile(script) ? [`there is no k6 script ${script} (traffic.script)`] : []),
    ...secrets
      .filter((name) => !process.env[name])
      .map((name) => `the environment variable ${name} is not set, and the config refers to it`),
    ...(parsed.success ? unsendable(parsed.data) : []),
    ...wrongRunbooks,
  ];
  if (!parsed.success || problems.length > 0)
    throw invalid([`${file} cannot be used:`, ...problems], 'docs/ATTACHED.md says what a config holds');
  return { config: placed(parsed.data, folder), folder, script, secrets, runbooks };
}

/** What the files hold, and all that is wrong with them. */
async function runbooksOf(
  files: Config['runbooks'],
  folder: string,
): Promise<{ runbooks: Record<string, Runbook>; problems: string[] }> {
  const runbooks: Record<string, Runbook> = {};
  const problems: string[] = [];
  for (const [drill, file] of Object.entries(files)) {
    try {
      runbooks[drill] = await readRunbook(resolve(folder, file), file);
    } catch (error) {
      if (!(error instanceof TenfoldError)) throw error;
      problems.push(error.message);
    }
  }
  return { runbooks, problems };
}

/** With the path of a kubeconfig made absolute. */
function placed(config: Config, folder: string): Config {
  const { cluster } = config;
  if (cluster?.kubeconfig === undefined) return config;
  return { ...config, cluster: { ...cluster, kubeconfig: resolve(folder, cluster.kubeconfig) } };
}

const configHint =
  'a config is a TypeScript module (.ts or .mts) that Node can run: npm run tenfold -- init writes one';

async function definitionIn(path: string, file: string): Promise<unknown> {
  if (!isFile(path)) throw invalid(`${file} is not a file`, configHint);
  const definition = await defaultExportOf(path, file, configHint);
  if (definition === undefined) throw invalid(`${file} has no default export`, 'export default defineConfig({ ... })');
  try {
    JSON.stringify(definition);
  } catch (error) {
    // A cycle, a getter that throws: nothing that could be written down, or be looked through for secrets.
    throw invalid(
      `${file} does not export plain data: ${(error as Error).message.split('\n')[0]}`,
      'docs/ATTACHED.md says what a config holds',
    );
  }
  return definition;
}

/** Secrets that no request can carry; what commands alone use may be anything. */
function unsendable({ paths, orders }: Config): string[] {
  const inUrls = orders?.from === 'sql' ? [orders.url.env] : [];
  const inHeaders = secretsIn(orders?.from === 'http' ? [paths, orders.headers] : paths);
  const secretOf = (name: string): string => process.env[name] ?? '';
  return [
    ...inHeaders.filter((name) => !sendableValue.test(secretOf(name))),
    ...inUrls.filter((name) => /\p{Cc}/u.test(secretOf(name))),
  ].map((name) => `the environment variable ${name} cannot be sent: it holds ${whatIsWrong(secretOf(name))}`);
}

function whatIsWrong(value: string): string {
  if (/[\r\n]$/.test(value)) return 'a line break at its end, as pasting or `echo` leaves';
  return /[\r\n]/.test(value) ? 'a line break' : 'a character that is not printable ASCII';
}

const scriptSchema = z.looseObject({ traffic: z.looseObject({ script: z.string().min(1) }) });

function scriptOf(definition: unknown, folder: string): string | undefined {
  const parsed = scriptSchema.safeParse(definition);
  return parsed.success ? resolve(folder, parsed.data.traffic.script) : undefined;
}
