import { request } from 'undici';
import { z } from 'zod';
import type { Reading } from '../model/reading.ts';
import { withoutSecrets } from '../model/secrets.ts';
import { jsonIn, textOf } from './bounded-text.ts';
import { runCommand } from './command.ts';

export interface ReadOptions {
  /** The folder that commands run in. */
  cwd: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Environment variables whose values are never shown. */
  secrets: readonly string[];
}

/** Reads a user's own number. @throws with why there is none, without any secret. */
export async function readNumber(reading: Reading, options: ReadOptions): Promise<number> {
  try {
    return 'command' in reading ? await fromCommand(reading, options) : await fromPrometheus(reading, options);
  } catch (error) {
    const values = options.secrets.map((name) => process.env[name] ?? '');
    throw new Error(withoutSecrets((error as Error).message, values));
  }
}

async function fromCommand(
  { command }: Extract<Reading, { command: unknown }>,
  { cwd, timeoutMs, signal }: ReadOptions,
): Promise<number> {
  const end = await runCommand(command.argv, { cwd, timeoutMs: Math.min(timeoutMs, command.timeoutMs), signal });
  const last = end.said.split('\n').at(-1)?.trim() ?? '';
  if (!end.ok)
    throw new Error(`${command.argv.join(' ')} ${end.message}${last === '' ? '' : ` (${last.slice(0, 200)})`}`);
  return numberIn(last, command.argv.join(' '));
}

/** One value, or a vector of one: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
const sampleSchema = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  data: z.union([
    z.object({ resultType: z.literal('scalar'), result: sampleSchema }).transform(({ result }) => [result[1]]),
    z
      .object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sampleSchema })) })
      .transform(({ result }) => result.map(({ value }) => value[1])),
  ]),
});

async function fromPrometheus(
  { prometheus, query, token }: Extract<Reading, { prometheus: unknown }>,
  { timeoutMs, signal }: ReadOptions,
): Promise<number> {
  const over = AbortSignal.timeout(timeoutMs);
  const { statusCode, body } = await request(
    new URL(`api/v1/query?query=${encodeURIComponent(query)}`, withSlash(prometheus)),
    {
      headers: token ? { authorization: `${token.prefix}${process.env[token.env] ?? ''}` } : {},
      signal: signal ? AbortSignal.any([signal, over]) : over,
    },
  );
  const text = await textOf(body);
  if (statusCode !== 200) throw new Error(`${prometheus} answers ${statusCode} to ${query}`);
  const values = answerSchema.safeParse(jsonIn(text)).data?.data;
  if (values === undefined) throw new Error(`${prometheus} answers with no result of Prometheus to ${query}`);
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`${query} has ${values.length} values, not one`);
  return numberIn(value, query);
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

function numberIn(text: string, of: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new Error(`${of} says ${text === '' ? 'nothing' : `"${text.slice(0, 100)}"`}, which is no number`);
}
