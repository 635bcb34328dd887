import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, resolve } from 'node:path';
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import {
  ApiException,
  CoreV1Api,
  CustomObjectsApi,
  HttpMethod,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type RequestContext,
} from '@kubernetes/client-node';
import { awayHint, cannotTell, invalid, messageInAnswer } from '../../model/errors.ts';
import { within } from '../../runtime/clock.ts';

/** An API server that takes longer to answer is no place for a drill. */
const askingMs = 15_000;
/** A change may have to wait for webhooks. The API server itself gives up by then. */
const changingMs = 60_000;

/**
 * Whatever is asked of an API server ends in time, whoever asks: what is left behind would keep this process. Watches and logs go on for
 * as long as they tell something, and have limits of their own.
 */
class BoundedConfig extends KubeConfig {
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const timeoutMs = context.getHttpMethod() === HttpMethod.GET ? askingMs : changingMs;
    const over = new AbortController();
    const late = () =>
      over.abort(cannotTell(`no answer of the API server within ${timeoutMs / 1000} s`, { hint: awayHint }));
    setTimeout(late, timeoutMs).unref();
    context.setSignal(over.signal);
  }
}

/** A cluster by one context of a kubeconfig. */
export interface ClusterApi {
  config: KubeConfig;
  context: string;
  /** The files that it comes from, absolute. */
  kubeconfig: string;
  objects: KubernetesObjectApi;
  core: CoreV1Api;
  custom: CustomObjectsApi;
  /** The nodes that an autoscaler was seen to take away, by name: whoever looks at the end whether all is as before watches no longer. */
  scaledDown: Set<string>;
}

/** @throws TenfoldError (invalid) when the kubeconfig cannot be read, or has no such context */
export function clusterApi({ kubeconfig, context }: { kubeconfig?: string | undefined; context: string }): ClusterApi {
  const asked = kubeconfig ?? (process.env.KUBECONFIG || `${homedir()}/.kube/config`);
  const files = asked
    .split(delimiter)
    .filter(Boolean)
    .map((file) => resolve(file));
  const from = files.join(delimiter);
  const config = merged(files);
  const contexts = config.getContexts().map(({ name }) => name);
  if (!contexts.includes(context))
    throw invalid(
      `the kubeconfig ${from} has no context ${context}`,
      contexts.length > 0 ? `it has ${contexts.join(', ')}` : 'it has none',
    );
  config.setCurrentContext(context);
  return {
    config,
    context,
    kubeconfig: from,
    objects: KubernetesObjectApi.makeApiClient(config),
    core: config.makeApiClient(CoreV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
    scaledDown: new Set(),
  };
}

/** As kubectl merges several: what comes first counts, and one that is not there is passed over. */
function merged(files: readonly string[]): KubeConfig {
  const all = files.filter((file) => files.length === 1 || existsSync(file)).map(readKubeconfig);
  const config = new BoundedConfig();
  const firstOf = <T extends { name: string }>(lists: T[][]): T[] => [
    ...new Map(lists.toReversed().flatMap((list) => list.map((one) => [one.name, one] as const))).values(),
  ];
  config.loadFromOptions({
    clusters: firstOf(all.map(({ clusters }) => clusters)),
    users: firstOf(all.map(({ users }) => users)),
    contexts: firstOf(all.map(({ contexts }) => contexts)),
    currentContext: '',
  });
  return config;
}

function readKubeconfig(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw invalid(
      `the kubeconfig ${file} cannot be read: ${(error as Error).message.split('\n')[0]}`,
      'name another one in the settings of the cluster, or set KUBECONFIG',
    );
  }
  return config;
}

/** How a journal names a cluster. */
export type ClusterPlace = Pick<ClusterApi, 'kubeconfig' | 'context'> & {
  /** What tells it from any other, whatever it is called. */
  clusterUid: string;
};

export async function placeOf({ core, kubeconfig, context }: ClusterApi): Promise<ClusterPlace> {
  const { metadata } = await core.readNamespace({ name: 'kube-system' });
  return { kubeconfig, context, clusterUid: metadata?.uid ?? '' };
}

/**
 * The cluster that a journal names, for undoing there.
 * @throws when its context leads to another one by now: what is to be undone is not there
 */
export async function sameCluster({ kubeconfig, context, clusterUid }: Record<string, unknown>): Promise<ClusterApi> {
  const api = clusterApi({ kubeconfig: String(kubeconfig), context: String(context) });
  const found = await placeOf(api).catch((error: unknown) => {
    throw cannotTell(`the cluster ${api.context} cannot be asked: ${apiWords(error)}`, { cause: error });
  });
  if (found.clusterUid !== clusterUid)
    throw cannotTell(`the context ${api.context} leads to another cluster now: nothing was undone`);
  return api;
}

export const isForbidden = (error: unknown): boolean => error instanceof ApiException && error.code === 403;
export const isNotFound = (error: unknown): boolean => error instanceof ApiException && error.code === 404;

/** What the API server said, or why it could not be asked, in a line. */
export function apiWords(error: unknown): string {
  if (error instanceof ApiException)
    return `${messageInAnswer(error.body) ?? textIn(error.body) ?? 'no reason given'} (HTTP ${error.code})`;
  const { message, code, cause } = error as NodeJS.ErrnoException;
  return (cause as Error | undefined)?.message || message || code || 'no reason given';
}

/** Of a proxy in between, say. */
const textIn = (body: unknown): string | undefined => (typeof body === 'string' ? body.slice(0, 300) : undefined);

/** Why a cluster cannot be asked, and what to do about it. */
export function whyNot(context: string, error: unknown): { message: string; hint: string } {
  const words = apiWords(error).replace('Failed to fetch resource metadata for v1/Node: ', '');
  const program = /^spawn (?<program>\S+) ENOENT$/.exec(words)?.groups?.program;
  if (program !== undefined)
    return {
      message: `the kubeconfig logs in to ${context} by the program ${program}, which is not on the PATH`,
      hint: `install ${program}, or add its folder to the PATH`,
    };
  if (error instanceof ApiException && error.code === 401)
    return {
      message: `the API server of ${context} refuses the credentials of the kubeconfig, which may have expired`,
      hint: `log in again; kubectl --context ${context} auth whoami shows whether it worked`,
    };
  return {
    message: `the API server of ${context} cannot be asked: ${words}`,
    hint: `kubectl --context ${context} version shows whether it answers you`,
  };
}

/** Under which the API server keeps what was changed here. */
export const fieldManager = 'tenfold';

/** What a policy, a quota or a webhook refuses is mended by nobody here. */
export const refusalHint = 'the cluster refuses it: a quota, a webhook or a policy has to allow it';

/** One that is asked too much at once (429) has not looked at it. */
const isRefusal = (error: unknown): boolean => error instanceof ApiException && error.code < 500 && error.code !== 429;

/** Applies an object by server-side apply. @throws TenfoldError with the object's name and what the API server said */
export async function apply(api: ClusterApi, object: KubernetesObject, { force = false } = {}): Promise<void> {
  try {
    await api.objects.patch(object, undefined, undefined, fieldManager, force, PatchStrategy.ServerSideApply);
  } catch (error) {
    const message = `${object.kind} ${object.metadata?.name} was refused: ${apiWords(error)}`;
    throw isRefusal(error)
      ? invalid(message, refusalHint)
      : cannotTell(message, { hint: 'the API server could not do it now: try again', cause: error });
  }
}

/** All objects of a kind. */
export const listAll = async <T extends KubernetesObject>(
  { objects }: ClusterApi,
  apiVersion: string,
  kind: string,
  { namespace, labels, fields }: { namespace?: string; labels?: string; fields?: string } = {},
): Promise<KubernetesListObject<T>> =>
  await objects.list<T>(apiVersion, kind, namespace, undefined, undefined, undefined, fields, labels);

/** Problems of a cluster as somebody finds them; that it cannot be asked is one. */
export async function problemsIn(
  { context }: ClusterApi,
  signal: AbortSignal,
  look: () => Promise<string[]>,
): Promise<string[]> {
  return await within('asking the API server', { timeoutMs: askingMs, signal, graceMs: 0 }, look).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      return [whyNot(context, error).message];
    },
  );
}
