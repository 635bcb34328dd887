import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../../../tests/support/test-folder.ts';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { platformUpCommand } from './platform-up.ts';

test('on a cluster that is called production nothing is stood up without a reason', async () => {
  const { path, end } = await testFolder('XDG_STATE_HOME');
  await using kube = await testKubeApi({}, { mayAll: true, context: 'shop-production' });
  const cluster = join(path, 'tenfold.cluster.mjs');
  const settings = { ...kube.place, clusterUid: undefined, images: { storefront: 'shop:7' } };
  await writeFile(cluster, `export default ${JSON.stringify(settings)};`);
  await expect(platformUpCommand({ cluster, scaledOut: false, without: [] })).rejects.toMatchObject({
    exitCode: exitCodes.invalid,
    message: expect.stringMatching(
      /^production: this is production, by the name shop-production\n {2}--i-mean-production "why"/,
    ),
  });
  expect(kube.asked.filter((one) => !one.startsWith('GET '))).toEqual([]);
  await end();
});
