import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PortForward } from '@kubernetes/client-node';
import type { ClusterApi } from './cluster-api.ts';

/** A port of a pod at a port of this machine, by way of the API server: it works wherever the API can be reached. */
export async function forwardPort(
  { config }: ClusterApi,
  { namespace, pod, port }: { namespace: string; pod: string; port: number },
): Promise<AsyncDisposable & { port: number }> {
  const forward = new PortForward(config);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    forward
      .portForward(namespace, pod, [port], socket, null, socket)
      .then((opened) => {
        const webSocket = typeof opened === 'function' ? opened() : opened;
        if (webSocket) webSocket.onclose = () => socket.destroy();
        if (socket.destroyed) webSocket?.close();
        else socket.on('close', () => webSocket?.close());
      })
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
