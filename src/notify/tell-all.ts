import type { Notice } from '../model/notice.ts';
import { nowMs } from '../runtime/clock.ts';
import { dataUri, type Picture } from './picture.ts';
import type { ReadyTarget } from './ready-targets.ts';
import { type Patience, send } from './send.ts';
import { slackMessage } from './slack.ts';
import { teamsMessage } from './teams.ts';
import { webhookHeaders } from './webhook.ts';

/** Tells everybody at the same time. Returns a line for each who was not told; never throws. */
export async function tellAll(
  targets: readonly ReadyTarget[],
  notice: Notice,
  picture: Picture | null,
  patience?: Patience,
): Promise<string[]> {
  const isPlain = notice.outcome === 'pass' && notice.lookAt === null;
  const told = targets.filter(({ when }) => when === 'always' || !isPlain);
  const failures = await Promise.all(
    told.map(async (target) => {
      const { url, name } = target;
      const body = JSON.stringify(bodyFor(target, notice, picture));
      const why = await send({ url, headers: headersFor(target, notice, body), body }, patience);
      return why === undefined ? [] : [`${name} was not told: ${why}`];
    }),
  );
  return failures.flat();
}

function bodyFor({ kind }: ReadyTarget, notice: Notice, picture: Picture | null): object {
  if (kind === 'slack') return slackMessage(notice);
  if (kind === 'teams') return teamsMessage(notice, picture?.small.map(dataUri) ?? []);
  return { ...notice, picture: picture && dataUri(picture.large) } satisfies Notice;
}

/** A message that is sent again has the same id, so that its receiver can pass over it. */
const headersFor = ({ kind, key }: ReadyTarget, { event, id, startedAt }: Notice, body: string) =>
  kind === 'webhook' ? webhookHeaders(`${event}_${id ?? startedAt}`, key, body, nowMs()) : {};
