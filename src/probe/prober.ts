import { type Dispatcher, Pool } from 'undici';
import type { Lane, SentinelSpec } from '../model/lane.ts';
import { linesText } from '../model/order-lines.ts';
import { billOf, isBill, isProduct, popularProducts } from '../model/shop-answers.ts';
import { filled, isRight, userAgent } from '../model/shop-request.ts';
import { AnswerTooLong, longestAnswerBytes } from '../runtime/bounded-text.ts';
import { dialling } from '../runtime/way.ts';
import { fromOwnPorts, sourcePorts } from './own-ports.ts';

/** How one probe ended. error is empty when the answer was right; status is 0 without an answer. */
export interface ProbeResult {
  status: number;
  error: string;
  /** The pod that says it answered, by the header x-pod. */
  pod?: string | undefined;
}

export interface Prober extends AsyncDisposable {
  probe(number: number): Promise<ProbeResult>;
}

/** Of all probers of this process. */
const ports = sourcePorts();

/** Carts a lane writes in turn: one row would make its probes wait for each other. */
const cartsPerLane = 16;

/** Sends a lane's probes: the lane's own request, otherwise a product page, or a cart saved through to the database's writer. */
export function openProber(lane: Lane, spec: Pick<SentinelSpec, 'tenant' | 'family' | 'timeoutMs'>): Prober {
  const { tenant, family, timeoutMs } = spec;
  const pool = new Pool(lane.baseUrl, {
    connections: null,
    pipelining: 1,
    connect: fromOwnPorts(dialling(lane.baseUrl, family, timeoutMs), ports),
    // The prober's own timer ends a probe; undici's are coarse, and a shop that sends a byte now and then escapes them.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
  });
  return {
    async probe(number) {
      const { isRight, ...request } = lane.request
        ? askedOf(lane.request, lane, number)
        : shopRequest(lane, tenant, number);
      // `reset` closes the connection after the answer, so every probe of such a lane dials anew.
      const answer = await send(pool, { ...request, reset: lane.connection === 'new' }, timeoutMs);
      if (answer.error !== undefined) return { status: 0, error: errorCode(answer.error) };
      const { status, pod } = answer;
      return { status, error: isRight(answer) ? '' : wrongAnswer(status), pod };
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

interface Answer {
  status: number;
  body: string;
  pod: string | undefined;
  error?: undefined;
}

/** One request at undici's lowest level: the sentinel shares the machine with what it measures. Never rejects. */
function send(pool: Pool, options: Dispatcher.DispatchOptions, timeoutMs: number): Promise<Answer | { error: Error }> {
  return new Promise((resolve) => {
    let status = 0;
    let pod: string | undefined;
    const chunks: Buffer[] = [];
    let length = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let late: Error | undefined;
    const timer = setTimeout(() => {
      late = Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' });
      controller?.abort(late);
      end({ error: late });
    }, timeoutMs);
    const end = (answer: Answer | { error: Error }) => {
      clearTimeout(timer);
      resolve(answer);
    };
    pool.dispatch(options, {
      onRequestStart: (started) => {
        controller = started;
        if (late) started.abort(late);
      },
      onResponseStart: (_, statusCode, headers) => {
        status = statusCode;
        pod = headers['x-pod']?.toString();
      },
      onResponseData: (receiving, chunk) => {
        length += chunk.length;
        if (length <= longestAnswerBytes) chunks.push(chunk);
        else receiving.abort(new AnswerTooLong(longestAnswerBytes));
      },
      // Decoded once it is whole: the bytes of one character may come in two chunks.
      onResponseEnd: () => end({ status, pod, body: Buffer.concat(chunks).toString() }),
      onResponseError: (_, error) => end({ error }),
    });
  });
}

type Asked = Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'body' | 'headers'> & {
  isRight: (answer: Answer) => boolean;
};

/** An answer of the reference shop about anything but what was asked for is wrong, whatever its status. */
function shopRequest(lane: Lane, tenant: string, number: number): Asked {
  const headers = { 'user-agent': userAgent, 'x-tenant': tenant, 'content-type': 'application/json' };
  const ok = (check: (body: string) => boolean) => (answer: Answer) => answer.status === 200 && check(answer.body);
  const productId = 1 + (number % popularProducts);
  if (lane.path === 'read') {
    const isRight = ok((body) => isProduct(body, tenant, productId));
    return { method: 'GET', path: `/products/${productId}`, headers, body: null, isRight };
  }
  const cart = `probe-${lane.lane}-${number % cartsPerLane}`;
  const lines = [{ productId, quantity: 1 }];
  const asked = { name: cart, lines: linesText(lines), totalCents: null };
  return {
    method: 'PUT',
    path: `/carts/${cart}`,
    headers,
    body: JSON.stringify({ lines }),
    isRight: ok((body) => isBill(billOf(body), asked)),
  };
}

/** A lane's own request with its placeholders filled: numbers in turn, and as many keys as the lane writes carts. */
function askedOf(request: NonNullable<Lane['request']>, { lane }: Lane, number: number): Asked {
  const filling = {
    number: (atMost: number) => 1 + (number % atMost),
    key: `probe-${lane}-${number % cartsPerLane}`,
  };
  const { method, path, headers, body, expected } = filled(request, filling, process.env);
  return {
    method: method as Dispatcher.HttpMethod,
    path,
    headers,
    body,
    isRight: (answer) => isRight(expected, answer.status, answer.body),
  };
}

const wrongAnswer = (status: number): string => (status >= 200 && status < 300 ? 'wrong-body' : `http-${status}`);

function errorCode(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? error.name).replaceAll(',', ' ');
}
