import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The first byte of a message says what it is. */
const streams = { output: 1, status: 3 };
/** RFC 6455. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Runs what is asked of `exec` on this machine, and says what it says and how it ended, as the API server does it over a WebSocket. */
export function runHere(request: IncomingMessage, socket: Duplex): void {
  const [program = '', ...args] = new URL(request.url ?? '', 'http://here').searchParams.getAll('command');
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${magic}`).digest('base64');
  const protocol = request.headers['sec-websocket-protocol']?.split(',')[0]?.trim();
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accept}`,
      ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
      '',
      '',
    ].join('\r\n'),
  );
  socket.on('error', () => {});
  const send = (stream: number, content: Buffer | string) =>
    socket.write(frame(2, Buffer.concat([Buffer.from([stream]), Buffer.from(content)])));
  const end = (status: object) => {
    send(streams.status, JSON.stringify(status));
    socket.end(frame(8, Buffer.alloc(0)));
  };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.on('data', (text: Buffer) => send(streams.output, text));
  child.on('error', () =>
    end({ status: 'Failure', message: `exec: "${program}": executable file not found in $PATH` }),
  );
  child.on('close', (code) =>
    end(
      code === 0
        ? { status: 'Success' }
        : { status: 'Failure', message: `command terminated with non-zero exit code: exit code ${code ?? 137}` },
    ),
  );
}

/** A whole message, which a server does not mask. */
function frame(opcode: number, content: Buffer): Buffer {
  const head = Buffer.alloc(content.length < 126 ? 2 : 4);
  head[0] = 0x80 + opcode;
  head[1] = Math.min(content.length, 126);
  if (content.length >= 126) head.writeUInt16BE(content.length, 2);
  return Buffer.concat([head, content]);
}
