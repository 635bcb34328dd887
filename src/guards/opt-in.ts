import { z } from 'zod';
import type { GuardAnswer } from '../model/guards.ts';
import { askOnce } from '../runtime/ask-once.ts';
import { jsonIn } from '../runtime/bounded-text.ts';
import type { Guarded } from './guarded.ts';

const timeoutMs = 5_000;
/** A word is short. */
const longestBytes = 10_240;

/** What a shop says of itself. */
const wordSchema = z.object({ drills: z.string(), environment: z.string().optional() });
export type OwnWord = z.infer<typeof wordSchema>;

/**
 * What a shop says of being drilled: a small JSON document that its owners put there, `{ "drills": "allowed", "environment":
 * "staging" }`. The place of the tag that resources of a cloud carry.
 * @throws why there is none.
 */
export async function ownWordOf(baseUrl: string, path: string): Promise<OwnWord> {
  const { statusCode, text } = await askOnce(baseUrl, { path, method: 'GET', timeoutMs, longestBytes });
  if (statusCode !== 200) throw new Error(`it answers ${statusCode}`);
  const word = wordSchema.safeParse(jsonIn(text));
  if (!word.success) throw new Error('it answers with something else than { "drills": "allowed" }');
  return word.data;
}

/** A shop that is not on this machine has to say by itself that it may be drilled. */
export function optIn({ urls, guards, isHere }: Guarded, word: OwnWord | Error): GuardAnswer | undefined {
  const guard = 'opt-in';
  const where = `${urls[0]}${guards.optInPath}`;
  if (isHere) return undefined;
  if (!(word instanceof Error) && word.drills === 'allowed')
    return { guard, allows: true, message: `${where} says that drills are allowed` };
  const said = word instanceof Error ? word.message : `it says that drills are "${word.drills.slice(0, 100)}"`;
  return {
    guard,
    allows: false,
    message: `${where} does not say that this shop may be drilled: ${said}`,
    remedy: `have the owners of the shop answer { "drills": "allowed", "environment": "staging" } there, or set guards.optInPath`,
  };
}
