import { type AddressInfo, createServer } from 'node:net';
import { PortForward } from '@kubernetes/client-node';
import type { ClusterApi } from './cluster-api.ts';

/** A port of a pod at a port of this machine, by way of the API server: it works wherever the API can be reached. */
export async function forwardPort(
  { config }: ClusterApi,
  { namespace, pod, port }: { namespace: string; pod: string; port: number },
): Promise<AsyncDisposable & { port: number }> {
  const forward = new PortForward(config);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    forward
      .portForward(namespace, pod, [port], socket, null, socket)
      .then((webSocket) => {
        const opened = typeof webSocket === 'function' ? webSocket() : webSocket;
        if (opened) opened.onclose = () => socket.destroy();
        socket.on('close', () => opened?.close());
      })
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
