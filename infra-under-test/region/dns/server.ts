import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, type Question } from 'dns-packet';

/** A host and port that a name leads to. */
interface ServiceTarget {
  target: string;
  port: number;
}

/** A DNS server on loopback whose SRV records live in memory. */
export interface DnsServer extends AsyncDisposable {
  host: string;
  port: number;
  /** Replaces the SRV records of a name; none: the name is gone (NXDOMAIN). */
  set(name: string, targets: readonly ServiceTarget[]): void;
  close(): Promise<void>;
}

const ttlSeconds = 5;
const address = '127.0.0.1';
const noSuchName = 3;

/** Starts a DNS server on a free UDP port of 127.0.0.1: SRV plus the hosts' A records, NXDOMAIN for unknown names. */
export async function startDns(): Promise<DnsServer> {
  const records = new Map<string, readonly ServiceTarget[]>();
  const socket = createSocket('udp4');
  socket.on('message', (message, sender) => {
    const reply = answer(message, records);
    if (reply) socket.send(reply, sender.port, sender.address);
  });
  socket.bind(0, address);
  await once(socket, 'listening');

  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    const gone = once(socket, 'close');
    socket.close();
    await gone;
  };
  return {
    host: address,
    port: socket.address().port,
    set(name, targets) {
      if (targets.length === 0) records.delete(name.toLowerCase());
      else records.set(name.toLowerCase(), [...targets]);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answer(message: Buffer, records: ReadonlyMap<string, readonly ServiceTarget[]>): Buffer | null {
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return null;
  }
  const question = query.questions?.[0];
  if (!question) return null;
  const found = lookUp(question, records);
  return encode({
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | (found ? 0 : noSuchName),
    questions: [question],
    answers: found?.answers ?? [],
    additionals: found?.additionals ?? [],
  });
}

/** Null when the name is unknown; no answers when it is known and has no record of the type. */
function lookUp({ name, type }: Question, records: ReadonlyMap<string, readonly ServiceTarget[]>) {
  const targets = records.get(name.toLowerCase());
  if (targets) {
    if (type !== 'SRV') return { answers: [], additionals: [] };
    const hosts = new Set(targets.map(({ target }) => target));
    return { answers: targets.map((target) => srvRecord(name, target)), additionals: [...hosts].map(aRecord) };
  }
  const isHost = [...records.values()].flat().some(({ target }) => target === name.toLowerCase());
  if (!isHost) return null;
  return { answers: type === 'A' ? [aRecord(name)] : [], additionals: [] };
}

const srvRecord = (name: string, { target, port }: ServiceTarget): Answer => ({
  type: 'SRV',
  name,
  ttl: ttlSeconds,
  data: { target, port, priority: 0, weight: 1 },
});

const aRecord = (name: string): Answer => ({ type: 'A', name, ttl: ttlSeconds, data: address });
