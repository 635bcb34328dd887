import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const env = {
  ...process.env,
  POD_NAME: 'pod-1',
  DNS_SERVER: '127.0.0.1:9',
  DB_WRITER_NAME: 'writer',
  DB_READER_NAME: 'reader',
  DB_NAME: 'shop',
  DB_USER: 'shop',
};

const startPod = (more: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], { env: { ...env, ...more } });

async function portOf(pod: ChildProcessWithoutNullStreams): Promise<number> {
  const [line] = await once(pod.stdout, 'data');
  return JSON.parse(line).listening.port;
}

test('a pod listens, says where, and ends well when it is told to', async () => {
  const pod = startPod();
  const port = await portOf(pod);
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  pod.kill('SIGTERM');
  expect(await once(pod, 'exit')).toEqual([0, null]);
});

test('a pod ends when the process that started it is gone', async () => {
  const pod = startPod();
  await portOf(pod);
  pod.stdin.end();
  expect(await once(pod, 'exit')).toEqual([0, null]);
});

test('a pod in a container, whose stdin is /dev/null, lives on', async () => {
  const pod = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(pod.stdout, 'data');
  const { port } = JSON.parse(line).listening;
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  pod.kill('SIGTERM');
  expect(await once(pod, 'exit')).toEqual([0, null]);
});

test('a pod that is set up wrongly tells everything that is wrong', async () => {
  const pod = startPod({ WITHOUT: 'belts', DNS_SERVER: 'nowhere', POD_NAME: '', REDIS_URL: 'http://:hush@redis' });
  const [[message], [code]] = await Promise.all([once(pod.stderr, 'data'), once(pod, 'exit')]);
  expect(code).toBe(1);
  for (const word of ['belts', 'DNS_SERVER', 'POD_NAME', 'REDIS_URL']) expect(String(message)).toContain(word);
  expect(String(message)).not.toContain('hush');
});
