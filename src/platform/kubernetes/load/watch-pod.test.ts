import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { nowMs } from '../../../runtime/clock.ts';
import { overBy } from './watch-pod.ts';

const condition = (type: string, status: 'True' | 'False', more = {}) => ({ type, status, ...more });
const pod = (status: V1Pod['status'] = {}, metadata: V1Pod['metadata'] = {}): V1Pod => ({
  metadata: { name: 'runner-1', ...metadata },
  spec: { nodeName: 'node4', containers: [] },
  status: { conditions: [condition('Ready', 'True')], ...status },
});
const terminated = (exitCode: number, reason: string) => ({
  containerStatuses: [
    { name: 'k6', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode, reason } } },
  ],
});
const now = () => nowMs();
const long = () => nowMs() - 60_000;

test.each<[string, V1Pod | undefined, V1Pod | undefined, () => number, ReturnType<typeof overBy>]>([
  ['runs', pod(), undefined, now, null],
  ['is ready and silent: its log is opened again', pod(), undefined, long, null],
  ['is not ready, and still heard of', pod({ conditions: [condition('Ready', 'False')] }), undefined, now, null],
  ['has ended', pod(terminated(0, 'Completed')), undefined, now, { exitCode: 0, because: 'Completed' }],
  [
    'was killed for its memory',
    pod(terminated(137, 'OOMKilled')),
    undefined,
    now,
    { exitCode: 137, because: 'OOMKilled' },
  ],
  [
    'is lost with its node',
    pod({ conditions: [condition('Ready', 'False', { reason: 'NodeNotReady' })] }),
    undefined,
    long,
    { exitCode: null, because: 'nothing is heard of its pod on node node4: NodeNotReady' },
  ],
  [
    'was evicted',
    undefined,
    pod({ conditions: [condition('DisruptionTarget', 'True', { message: 'Eviction API: evicting' })] }),
    now,
    { exitCode: null, because: 'its pod is gone: Eviction API: evicting' },
  ],
  [
    'was deleted',
    undefined,
    pod({}, { deletionTimestamp: new Date(0) }),
    now,
    { exitCode: null, because: 'its pod is gone: it was deleted' },
  ],
  [
    'was pushed off its node, which leaves no container behind',
    pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    undefined,
    now,
    { exitCode: null, because: 'its pod has failed: The node was low on resource: memory.' },
  ],
])('a runner that %s', (_, seen, last, silentSince, over) => {
  expect(overBy('k6', seen, last ?? seen, silentSince())).toEqual(over);
});
