import { expect, test } from 'vitest';
import { settingsMadeOf } from './settings-made-of.ts';

const settings = { context: 'drills', peakPods: 6, images: { storefront: 'shop:1', k6: undefined } };

test('images by name, and all else as one sum', () => {
  expect(settingsMadeOf(settings)).toEqual({
    settings: expect.stringMatching(/^sha256 [0-9a-f]{16}$/),
    'image of storefront': 'shop:1',
  });
  for (const other of [{ context: 'others' }, { peakPods: 12 }])
    expect(settingsMadeOf({ ...settings, ...other })).not.toEqual(settingsMadeOf(settings));
});

test('what is up to whose computer it is makes no other platform', () => {
  const machines = { off: { argv: ['virsh', 'destroy', '{node}'], timeoutMs: 1 } };
  expect(settingsMadeOf({ ...settings, kubeconfig: '/home/ann/.kube/config', machines })).toEqual(
    settingsMadeOf(settings),
  );
});
