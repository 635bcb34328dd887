import { Readable } from 'node:stream';
import {
  type CreateExperimentTemplateCommandInput,
  FisClient,
  GetExperimentCommand,
  ListActionsCommand,
} from '@aws-sdk/client-fis';
import { expect, vi } from 'vitest';
import { startAwsEndpoint } from '../endpoint.ts';
import { testDatabase } from './database.ts';
import { type TestMachines, testMachines } from './machines.ts';

const keys = { accessKeyId: 'local', secretAccessKey: 'not a secret' };
const region = 'local-1';

export interface TestFis extends AsyncDisposable {
  endpoint: string;
  client: FisClient;
  machines: TestMachines;
  told: string[];
  /** The experiment once it has ended. */
  ended(id: string | undefined): ReturnType<TestFis['experiment']>;
  experiment(id: string | undefined): Promise<NonNullable<Awaited<ReturnType<typeof describe>>>>;
}

/** For tests: the endpoint over machines that only record, and the stock SDK's client for it. A minute takes 60 ms. */
export async function startTestFis({ timeScale = 1_000 } = {}): Promise<TestFis> {
  const machines = testMachines();
  const told: string[] = [];
  const aws = await startAwsEndpoint({
    cluster: testDatabase(),
    machines,
    timeScale,
    tell: (message) => told.push(message),
    region,
    ...keys,
  });
  const client = new FisClient({ endpoint: aws.endpoint, region, credentials: keys });
  const experiment = async (id: string | undefined) => {
    const found = await describe(client, id);
    if (!found) throw new Error(`no experiment ${id}`);
    return found;
  };
  return {
    endpoint: aws.endpoint,
    client,
    machines,
    told,
    experiment,
    ended: (id) =>
      vi.waitFor(
        async () => {
          const found = await experiment(id);
          expect(['completed', 'stopped', 'failed', 'cancelled']).toContain(found.state?.status);
          return found;
        },
        { timeout: 5_000, interval: 10 },
      ),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await aws.close();
    },
  };
}

async function describe(client: FisClient, id: string | undefined) {
  return (await client.send(new GetExperimentCommand({ id: id ?? '' }))).experiment;
}

/** Makes a signed FIS call that the SDK does not know; returns the raw answer. */
export async function call({ client }: TestFis, method: string, path: string, body?: object) {
  const command = new ListActionsCommand({});
  const stack = command.middlewareStack;
  stack.add(
    (next) => (args) => {
      const text = body && JSON.stringify(body);
      Object.assign(args.request as object, { method, path, ...(text && { body: text }) });
      return next(args);
    },
    { step: 'build', priority: 'high' },
  );
  let answer: Record<string, unknown> = {};
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; headers: object; body: AsyncIterable<Buffer> };
      const text = Buffer.concat(await Array.fromAsync(response.body)).toString();
      answer = { status: response.statusCode, headers: response.headers, ...JSON.parse(text) };
      // The SDK gets what it can read.
      Object.assign(response, { statusCode: 200, body: Readable.from(['{}']) });
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await client.send(command);
  return answer;
}

/** A template that terminates one on-demand instance, with changes. */
export function template(
  changes: Partial<CreateExperimentTemplateCommandInput> = {},
): CreateExperimentTemplateCommandInput {
  return {
    clientToken: crypto.randomUUID(),
    description: 'Terminate one instance',
    roleArn: 'arn:aws:iam::000000000000:role/fis',
    stopConditions: [{ source: 'none' }],
    targets: {
      nodes: {
        resourceType: 'aws:ec2:instance',
        resourceTags: { 'tenfold:shop': 'storefront', 'eks:nodegroup-name': 'on-demand' },
        selectionMode: 'COUNT(1)',
      },
    },
    actions: { terminate: { actionId: 'aws:ec2:terminate-instances', targets: { Instances: 'nodes' } } },
    ...changes,
  };
}
