import { invalid } from '../model/errors.ts';
import { withoutSecrets } from '../model/secrets.ts';
import { mostShown, type Receiver, send } from './send.ts';

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

export const otlpKinds = ['metrics', 'logs'] as const;
export type OtlpKind = (typeof otlpKinds)[number];

/** What a receiver says of what it took. */
export interface Taken {
  rejected: number;
  /** Why it rejected, or a warning where it rejected nothing; empty where it says nothing. */
  message: string;
}

const rejectedIn = { metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords' } as const;

/**
 * What was taken must not be sent again, not even what was rejected of it (https://opentelemetry.io/docs/specs/otlp/#partial-success).
 * @throws when it was not taken
 */
export async function sendOtlp(
  receiver: Receiver,
  kind: OtlpKind,
  body: unknown,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<Taken> {
  const answer = await send(receiver, `v1/${kind}`, { body, ...options });
  const { partialSuccess } = (answer ?? {}) as { partialSuccess?: Record<string, unknown> | null };
  return {
    // JSON has a 64-bit integer as a string or as a number.
    rejected: Number(partialSuccess?.[rejectedIn[kind]]) || 0,
    message: withoutSecrets(String(partialSuccess?.errorMessage ?? ''), receiver.secrets).slice(0, mostShown),
  };
}

/** null: it took all, and says nothing. */
export function remarkOf({ url }: Receiver, kind: OtlpKind, { rejected, message }: Taken): string | null {
  const what = kind === 'metrics' ? 'data points' : 'events';
  if (rejected > 0) return `${url}: it rejected ${rejected} of the ${what}: ${message || 'it does not say why'}`;
  return message === '' ? null : `${url}: it took all ${what}, and says: ${message}`;
}
