import { CreateExperimentTemplateCommand, FisClient, StartExperimentCommand } from '@aws-sdk/client-fis';
import type { Inventory } from '../compute/inventory.ts';
import type { RegionDocument } from '../region-document.ts';

/** What an AWS client needs to reach a region. */
export function awsAccess({ aws: { endpoint, region, accessKeyId, secretAccessKey } }: RegionDocument) {
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/** Cuts off a zone for a while of AWS's time, by the stock FIS client. Resolves when the experiment has started. */
export async function cutOff(region: RegionDocument, zone: string, duration: string): Promise<void> {
  const { subnets } = (await (await fetch(`${region.control.url}/inventory`)).json()) as Inventory;
  const resourceArns = subnets.flatMap((subnet) => (subnet.zone === zone ? [subnet.arn] : []));
  const fis = new FisClient(awsAccess(region));
  const { experimentTemplate } = await fis.send(
    new CreateExperimentTemplateCommand({
      description: `${zone} is cut off`,
      roleArn: 'arn:aws:iam::000000000000:role/fis',
      stopConditions: [{ source: 'none' }],
      targets: { subnets: { resourceType: 'aws:ec2:subnet', resourceArns, selectionMode: 'ALL' } },
      actions: {
        cut: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { duration, scope: 'all' },
          targets: { Subnets: 'subnets' },
        },
      },
    }),
  );
  await fis.send(new StartExperimentCommand({ experimentTemplateId: experimentTemplate?.id }));
}
