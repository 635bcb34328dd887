import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { networkCountsOf, networkFiles, processFiles, secondsOf } from '../../../chaos/shared/pod-reading.ts';
import { connectors, filesIn, readers } from './look-inside.ts';

const run = promisify(execFile);

test.each(['sh', 'node', 'python3'])(
  '%s reads what the kernel says of processes and of the network',
  async (program) => {
    const argv = readers([...processFiles, ...networkFiles, '/nowhere']).find(([first]) => first === program) ?? [];
    const files = filesIn((await run(program, argv.slice(1), { maxBuffer: 2 ** 26 })).stdout);
    expect(Object.keys(files)).toEqual(expect.arrayContaining([`/proc/${process.pid}/stat`, ...networkFiles]));
    expect(Object.keys(files)).not.toContain('/nowhere');
    // This one has used some.
    expect(secondsOf({ own: files[`/proc/${process.pid}/stat`] ?? '' }, () => true)).toBeGreaterThan(0.1);
    const counts = networkCountsOf(files);
    expect(Object.values(counts).every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
  },
);

test.each(connectors.map(([program = '', ...args]) => ({ program, args })))(
  '$program times a connection, and fails where there is none',
  async ({ program, args }) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { PATH: process.env.PATH, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) };
    const ms = Number((await run(program, args, { env })).stdout);
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(5_000);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(run(program, args, { env })).rejects.toThrow();
  },
);
