import { expect, test } from 'vitest';
import { testHands } from '../tests/support/test-hands.ts';
import { memoryOf, networkCountsOf } from './shared/pod-reading.ts';
import { watchNetwork } from './shared/watch-network.ts';

const cgroup = '/sys/fs/cgroup';

test.each([
  [
    'version 2',
    {
      [`${cgroup}/memory.current`]: '900\n',
      [`${cgroup}/memory.max`]: '1000\n',
      [`${cgroup}/memory.stat`]: 'file 5\ninactive_file 100\n',
    },
    { usedBytes: 800, limitBytes: 1000 },
  ],
  [
    'version 1',
    {
      [`${cgroup}/memory/memory.usage_in_bytes`]: '900\n',
      [`${cgroup}/memory/memory.limit_in_bytes`]: '1000\n',
      [`${cgroup}/memory/memory.stat`]: 'inactive_file 7\ntotal_inactive_file 100\n',
    },
    { usedBytes: 800, limitBytes: 1000 },
  ],
  ['version 2 without a limit', { [`${cgroup}/memory.current`]: '900\n', [`${cgroup}/memory.max`]: 'max\n' }, null],
  [
    'version 1 without a limit',
    {
      [`${cgroup}/memory/memory.usage_in_bytes`]: '900\n',
      [`${cgroup}/memory/memory.limit_in_bytes`]: '9223372036854771712\n',
    },
    null,
  ],
  ['no cgroups at all', {}, null],
])('memory in use, without what the kernel can drop, by %s', (_, files: Record<string, string>, memory) => {
  expect(memoryOf(files)).toEqual(memory);
});

/** A pod that has sent so many bytes by its network. */
const sent = (bytes: number) => ({
  '/proc/net/snmp': 'Tcp: A OutSegs RetransSegs\nTcp: 1 2 3\n',
  '/proc/net/dev': `face\n    lo: 9 0 0 0 0 0 0 0 999 0\n  eth0: 1 0 0 0 0 0 0 0 ${bytes} 0\n  eth1:1 0 0 0 0 0 0 0 1 0\n`,
});

test('what a pod has sent is counted on all its interfaces but the loopback', () => {
  expect(networkCountsOf(sent(100))).toEqual({ segmentsSent: 2, segmentsSentAgain: 3, bytesSent: 101 });
});

test.each([
  ['uses what is left of it', 1_000_000 / 8, /^in pod web-1 \d+ kbit\/s were sent$/],
  ['sends more than is left', (1_000_000 / 8) * 3, undefined],
  ['would not feel it', 100, undefined],
])('a narrow network is proven by a pod that %s', async (_, bytesPerSecond, proof) => {
  const start = Date.now();
  const read = async () => sent(Math.round(((Date.now() - start) / 1000) * bytesPerSecond));
  const look = await watchNetwork({ kubernetes: testHands({ read }) }, 'web-1', { bitsPerSecond: 1_000_000 });
  expect(await look()).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const seen = await look();
  if (proof) expect(seen).toMatch(proof);
  else expect(seen).toBeUndefined();
});

test('a network that is slow already proves nothing', async () => {
  const hands = testHands({ read: async () => sent(0), connectMs: async () => 130 });
  await expect(watchNetwork({ kubernetes: hands }, 'web-1', { delayMs: 100 })).rejects.toThrow(
    'a connection of pod web-1 takes 130 ms already',
  );
});
