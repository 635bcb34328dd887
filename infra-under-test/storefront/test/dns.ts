import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';

/** A real DNS server on loopback that answers SRV questions, and with the addresses of their hosts. */
export interface DnsServer extends AsyncDisposable {
  address: string;
  /** How often a name was asked for. */
  questions(name: string): number;
  /** Points a name at these ports of 127.0.0.1. */
  point(name: string, ports: number[]): void;
}

/** @param brings whether an answer brings the addresses of its hosts along, as it may */
export async function startDns(ttlSeconds = 5, { brings = true } = {}): Promise<DnsServer> {
  const ports = new Map<string, number[]>();
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (message, sender) => {
    const { id = 0, questions = [] } = packet.decode(message);
    const { name = '', type } = questions[0] ?? {};
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const targets = (ports.get(name) ?? []).map((port) => ({ port, target: `db-${port}.internal` }));
    const addressOf = (host: string) => ({ type: 'A' as const, name: host, ttl: ttlSeconds, data: '127.0.0.1' });
    const answer = packet.encode({
      type: 'response',
      id,
      questions,
      answers:
        type === 'A'
          ? [addressOf(name)]
          : targets.map((data) => ({ type: 'SRV' as const, name, ttl: ttlSeconds, data })),
      additionals: brings ? targets.map(({ target }) => addressOf(target)) : [],
    });
    socket.send(answer, sender.port, sender.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions: (name) => asked.get(name) ?? 0,
    point: (name, to) => void ports.set(name, to),
    async [Symbol.asyncDispose]() {
      await new Promise<void>((closed) => socket.close(closed));
    },
  };
}
