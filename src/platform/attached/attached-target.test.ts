import { expect, test } from 'vitest';
import { configSchema } from '../../model/config.ts';
import { attachedTarget } from './attached-target.ts';

test('a cluster on no list of what may be drilled is asked nothing', async () => {
  const config = configSchema.parse({
    baseUrl: 'http://shop.example',
    paths: { read: { limitMs: 100, probe: { path: '/' } } },
    traffic: { baselineRatePerSecond: 5 },
    // There is no such file: to read it would be another error.
    cluster: { kubeconfig: '/nowhere', context: 'staging', namespace: 'shop', pods: { app: 'shop' } },
  });
  const target = await attachedTarget(config, '/');
  await expect(target.inventory()).rejects.toThrow('the context staging is on no list of what may be drilled');
});
