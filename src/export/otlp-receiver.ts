import { invalid } from '../model/errors.ts';
import { type Receiver, send } from './send.ts';

const variable = 'OTEL_EXPORTER_OTLP_HEADERS';

/** An OTLP receiver, with the headers that OpenTelemetry's own variable holds. @throws TenfoldError (invalid) when it cannot be read */
export function otlpReceiver(url: string, environment: Record<string, string | undefined> = process.env): Receiver {
  const headers = Object.fromEntries(
    (environment[variable] ?? '')
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map(headerIn),
  );
  return { url, headers, secrets: Object.values(headers) };
}

function headerIn(pair: string): [string, string] {
  const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x20-\x7e]*?)\s*$/.exec(pair) ?? [];
  try {
    if (name !== undefined && value !== undefined) return [name.toLowerCase(), decodeURIComponent(value)];
  } catch {
    // A stray % is refused like anything else.
  }
  throw invalid(
    `${variable} does not hold headers`,
    'it must be like key=value,key2=value2, with %2C for a comma in a value',
  );
}

/** What a receiver took only in part it tells in its answer. @throws when it did not take all */
export async function sendOtlp(
  receiver: Receiver,
  kind: 'metrics' | 'logs',
  body: unknown,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  const answer = await send(receiver, `v1/${kind}`, { body, ...options });
  const { partialSuccess } = (answer ?? {}) as { partialSuccess?: { errorMessage?: string } };
  if (partialSuccess?.errorMessage)
    throw new Error(`${receiver.url}: it took only a part: ${partialSuccess.errorMessage}`);
}
