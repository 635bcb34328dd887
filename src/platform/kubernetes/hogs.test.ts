import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { cpuHog, endHogs } from './hogs.ts';

const programs = ['python3', 'node', 'sh'];
const marker = (program: string) => `marker-${process.pid}-${program}`;
const [byPython, byNode, bySh] = [0, 1, 2].map((index) => (args: string[][]) => args[index] ?? []);
const means = [byPython, byNode, bySh].map((pick, index) => ({ program: programs[index] ?? '', pick }));

test.each(means)('$program uses CPU time, says how much, and ends in its time', async ({ program, pick }) => {
  const [, ...args] = pick?.(cpuHog(marker(program), 1)) ?? [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = (await text(child.stdout)).trim().split('\n').map(Number);
  expect(said.at(-1)).toBeGreaterThan(0);
  expect(said.every(Number.isFinite)).toBe(true);
});

test.each(means)('$program ends what has the mark, and says when there is no more of it', async ({ program, pick }) => {
  const mark = `TENFOLD_HOG=${marker(program)}`;
  const sleeping = (variables: Record<string, string>) =>
    spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, ...variables } });
  const byArgument = spawn('sh', ['-c', 'read -r nothing', 'sh', mark], { stdio: ['pipe', 'ignore', 'ignore'] });
  const byVariable = sleeping({ TENFOLD_HOG: marker(program) });
  const bystanders = [
    sleeping({ NAMESPACE: `tenfold-${marker(program)}` }),
    sleeping({ TENFOLD_HOG: `${marker(program)}-2` }),
    sleeping({ OTHER: mark }),
  ];
  const ended = Promise.all([byArgument, byVariable].map((one) => new Promise((resolve) => one.on('exit', resolve))));
  const [, ...args] = pick?.(endHogs(marker(program))) ?? [];
  const end = () => spawnSync(program, args).status;
  expect(end()).toBe(3);
  await ended;
  expect(end()).toBe(0);
  for (const one of bystanders) {
    expect(one).toMatchObject({ exitCode: null, signalCode: null });
    one.kill();
  }
});
