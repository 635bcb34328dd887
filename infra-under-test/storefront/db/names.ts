import { createSocket } from 'node:dgram';
import packet, { type Answer } from 'dns-packet';
import { codedError } from './errors.ts';

export interface Address {
  host: string;
  port: number;
}

/** A name that DNS answers with SRV records. */
export interface ServiceName {
  /** The addresses behind the name, kept as long as the answer's TTL allows. Rejects with code ENAME. */
  lookup(): Promise<Address[]>;
  /** The answer turned out to be wrong: the next look-up asks the server. */
  invalidate(): void;
}

interface KnownAnswer {
  addresses: Address[];
  askedAtMs: number;
  expiresAtMs: number;
}

const timeoutMs = 500;
const maxTries = 2;
/** An answer lives at least this long: a burst of failures asks only once. */
const minAgeMs = 50;

/** @param server the DNS server (UDP); @param name the SRV name. */
export function createServiceName(server: Address, name: string): ServiceName {
  let known: KnownAnswer | undefined;
  let asking: Promise<KnownAnswer> | undefined;

  async function lookup(): Promise<Address[]> {
    if (known && Date.now() < known.expiresAtMs) return known.addresses;
    asking ??= ask(server, name).finally(() => {
      asking = undefined;
    });
    try {
      known = await asking;
    } catch (error) {
      // An old answer is better than none while the name server is away.
      if (!known) throw error;
    }
    return known.addresses;
  }

  function invalidate(): void {
    if (known) known.expiresAtMs = Math.min(known.expiresAtMs, known.askedAtMs + minAgeMs);
  }

  return { lookup, invalidate };
}

async function ask(server: Address, name: string): Promise<KnownAnswer> {
  let failure: unknown;
  for (let tries = 0; tries < maxTries; tries++) {
    try {
      const askedAtMs = Date.now();
      const { answers = [], additionals = [] } = packet.decode(await exchange(server, { type: 'SRV', name }));
      const services = answers.filter((answer) => answer.type === 'SRV');
      return readAnswer(name, services, await hostsOf(server, services, additionals), askedAtMs);
    } catch (error) {
      failure = error;
    }
  }
  throw codedError('ENAME', `${name} was not resolved by ${server.host}:${server.port}: ${(failure as Error).message}`);
}

type Services = Extract<Answer, { type: 'SRV' }>[];

const addressesIn = (answers: Answer[]): Map<string, string> =>
  new Map(answers.flatMap((answer) => (answer.type === 'A' ? [[answer.name, answer.data]] : [])));

/** The addresses of the services' hosts. A server may leave them out of its answer (RFC 2782): they are asked for then. */
async function hostsOf(server: Address, services: Services, additionals: Answer[]): Promise<Map<string, string>> {
  const hosts = addressesIn(additionals);
  for (const { target } of services.map(({ data }) => data)) {
    if (hosts.has(target)) continue;
    const { answers = [] } = packet.decode(await exchange(server, { type: 'A', name: target }));
    const [address] = addressesIn(answers).values();
    if (address !== undefined) hosts.set(target, address);
  }
  return hosts;
}

function readAnswer(name: string, services: Services, hosts: Map<string, string>, askedAtMs: number): KnownAnswer {
  const addresses = services.flatMap(({ data }) => {
    const host = hosts.get(data.target);
    return host ? [{ host, port: data.port }] : [];
  });
  if (addresses.length === 0) throw new Error(`the answer for ${name} holds no address`);
  const ttlSeconds = Math.min(...services.map(({ ttl }) => ttl ?? 0));
  return { addresses, askedAtMs, expiresAtMs: askedAtMs + ttlSeconds * 1000 };
}

/** One question over UDP; resolves with the matching answer's bytes. */
function exchange(server: Address, question: { type: 'SRV' | 'A'; name: string }): Promise<Buffer> {
  const id = Math.floor(Math.random() * 65_536);
  const query = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [question],
  });
  const socket = createSocket('udp4');
  const answer = new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    socket.on('message', (message) => {
      if (message.length < 12 || message.readUInt16BE(0) !== id) return;
      clearTimeout(timer);
      resolve(message);
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // Connected, so that a missing server is reported at once and only its answers are received.
    socket.connect(server.port, server.host, () => socket.send(query));
  });
  return answer.finally(() => socket.close());
}
