import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';

/** A real DNS server on loopback that answers SRV questions. */
export interface DnsServer extends AsyncDisposable {
  address: string;
  /** How often a name was asked for. */
  questions(name: string): number;
  /** Points a name at these ports of 127.0.0.1. */
  point(name: string, ports: number[]): void;
}

export async function startDns(ttlSeconds = 5): Promise<DnsServer> {
  const ports = new Map<string, number[]>();
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (message, sender) => {
    const { id = 0, questions = [] } = packet.decode(message);
    const name = questions[0]?.name ?? '';
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const targets = (ports.get(name) ?? []).map((port) => ({ port, target: `db-${port}.internal` }));
    const answer = packet.encode({
      type: 'response',
      id,
      questions,
      answers: targets.map((data) => ({ type: 'SRV', name, ttl: ttlSeconds, data })),
      additionals: targets.map(({ target }) => ({ type: 'A', name: target, ttl: ttlSeconds, data: '127.0.0.1' })),
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
