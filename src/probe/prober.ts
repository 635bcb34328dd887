import { type Dispatcher, Pool } from 'undici';
import type { Lane } from '../model/lane.ts';

/** How one probe ended. error is empty when the answer was right; status is 0 without one. */
export interface ProbeResult {
  status: number;
  error: string;
}

export interface Prober extends AsyncDisposable {
  probe(number: number): Promise<ProbeResult>;
}

/** Carts a lane writes in turn: one row would make its probes wait for each other. */
const cartsPerLane = 16;
/** Popular products, as shoppers read them. */
const productsPerLane = 50;

/** Sends a lane's probes: a product page, or a cart saved through to the database's writer. */
export function openProber(lane: Lane, tenant: string, timeoutMs: number): Prober {
  const pool = new Pool(lane.baseUrl, {
    connections: null,
    pipelining: 1,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
  });
  const headers = { 'x-tenant': tenant, 'content-type': 'application/json' };
  return {
    async probe(number) {
      const { id, ...request } = requestOf(lane, number);
      // `reset` closes the connection after the answer, so that every probe of such a lane dials anew.
      const answer = await send(pool, { ...request, headers, reset: lane.connection === 'new' });
      if (answer.error !== undefined) return { status: 0, error: errorCode(answer.error) };
      const right = answer.status === 200 && idOf(answer.body) === id;
      return { status: answer.status, error: right ? '' : wrongAnswer(answer.status) };
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

type Answer = { status: number; body: string; error?: undefined } | { error: Error };

/** One request at undici's lowest level: the sentinel shares the machine with what it measures. Never rejects. */
function send(pool: Pool, options: Dispatcher.DispatchOptions): Promise<Answer> {
  return new Promise((resolve) => {
    let status = 0;
    let body = '';
    pool.dispatch(options, {
      onRequestStart: () => {},
      onResponseStart: (_, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_, chunk) => {
        body += chunk.toString();
      },
      onResponseEnd: () => resolve({ status, body }),
      onResponseError: (_, error) => resolve({ error }),
    });
  });
}

function requestOf(lane: Lane, number: number) {
  if (lane.path === 'read') {
    const id = 1 + (number % productsPerLane);
    return { method: 'GET' as const, path: `/products/${id}`, body: null, id };
  }
  const cart = `probe-${lane.lane}-${number % cartsPerLane}`;
  const body = JSON.stringify({ lines: [{ productId: 1 + (number % productsPerLane), quantity: 1 }] });
  return { method: 'PUT' as const, path: `/carts/${cart}`, body, id: cart };
}

/** The id that an answer is about; undefined when it is not even JSON. */
function idOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { id?: unknown }).id;
  } catch {
    return undefined;
  }
}

const wrongAnswer = (status: number): string => (status === 200 ? 'wrong-body' : `http-${status}`);

function errorCode(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? error.name).replaceAll(',', ' ');
}
