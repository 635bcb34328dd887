import { relative } from 'node:path';
import { asTyped } from '../runtime/as-typed.ts';
import { shellWord } from '../runtime/shell-word.ts';
import type { Watcher } from '../suite/take-turns.ts';
import type { Room } from '../watch/room.ts';

/** A room for those who watch, if one is wanted; its link is said where progress is. */
export async function openIfWatched(
  isWanted: boolean | undefined,
  say: (line: string) => void,
): Promise<Room | undefined> {
  if (!isWanted) return undefined;
  const { openRoom } = await import('../watch/room.ts');
  const room = await openRoom(say);
  say(`watch it at ${room.url}`);
  say('without #stop and what follows, the link is for watching only; it ends with this command');
  return room;
}

/** Ends when somebody at the terminal stops what runs, or somebody who watches. */
export const eitherStops = (signal: AbortSignal, room: Room | undefined): AbortSignal =>
  room ? AbortSignal.any([signal, room.stopped]) : signal;

/** Others who are told what a watcher is told; in a room, people also tick steps of the runbook. */
type Follower = Partial<Pick<Room, 'note' | 'takeTicks'>> & Pick<Room, 'listener'>;

/** What a watcher sees, seen by those who follow as well. */
export function followedToo(watcher: Watcher, ...followers: (Follower | undefined)[]): Watcher {
  const takeTicks = followers.find((follower) => follower?.takeTicks)?.takeTicks;
  return {
    listener(observation) {
      watcher.listener(observation);
      for (const follower of followers) follower?.listener(observation);
    },
    onProgress(message) {
      watcher.onProgress(message);
      for (const follower of followers) follower?.note?.(message);
    },
    ...(takeTicks && { takeTicks }),
    done: watcher.done,
  };
}

/** Shows a run again, once it is over. */
export const openCommandOf = (runFolder: string): string =>
  asTyped(`npm run tenfold -- open ${shellWord(relative(process.cwd(), runFolder))}`);
