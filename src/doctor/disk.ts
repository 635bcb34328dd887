import { stat, statfs } from 'node:fs/promises';
import { evidenceBytes } from '../drill/run-folder.ts';
import { standingPart } from '../runtime/trouble-writing.ts';
import type { Answer, Check } from './check.ts';
import { type Place, placesOf } from './places.ts';
import { gibibyte, mebibyte, sizeText } from './sizes.ts';

/** A region's databases: 216 MB were seen after two minutes, and each keeps up to 256 MB of its log. */
export const regionBytes = 500 * mebibyte;
/** Output of commands. */
const besidesBytes = 10 * mebibyte;
/** k6 itself takes 63 MB, its modules 339 MB, and what Go compiled of them 531 MB. */
const buildBytes = gibibyte;
/** A database is a thousand files. */
const neededFiles = 10_000;

export const disk: Check = {
  id: 'disk',
  title: 'Disk',
  async run(context) {
    const bytesFor: Record<Place['what'], number> = {
      reports: evidenceBytes,
      'temporary files': context.standsUp ? regionBytes : besidesBytes,
      'journals and locks': besidesBytes,
      'the k6 build': buildBytes,
    };
    const disks = new Map<number, { places: Place[]; at: string }>();
    for (const place of await placesOf(context)) {
      const at = await standingPart(place.folder);
      const { dev } = await stat(at);
      disks.set(dev, { at, places: [...(disks.get(dev)?.places ?? []), place] });
    }
    const looks = [...disks.values()].map(async ({ places, at }) => {
      const { bavail, bsize, files, ffree } = await statfs(at);
      const needed = places.reduce((sum, { what }) => sum + bytesFor[what], 0);
      // Some file systems have no such number, and say 0.
      return judgeDisk(places, { free: bavail * bsize, freeFiles: files > 0 ? ffree : null }, needed);
    });
    return await Promise.all(looks);
  },
};

export function judgeDisk(
  places: Place[],
  { free, freeFiles }: { free: number; freeFiles: number | null },
  needed: number,
): Answer {
  const whatFor = places.map(({ what }) => what).join(', ');
  const remedy = `free some space, or choose another disk: ${places.map(({ wayOut }) => wayOut).join(', ')}`;
  const folders = places.map(({ folder }) => folder).join(', ');
  if (free < needed)
    return {
      outcome: 'problem',
      message: `${sizeText(free)} free for ${whatFor}, ${sizeText(needed)} needed (${folders})`,
      remedy,
    };
  if (freeFiles !== null && freeFiles < neededFiles)
    return {
      outcome: 'problem',
      message: `only ${freeFiles} more files can be created for ${whatFor} (${folders})`,
      remedy,
    };
  return { outcome: 'ok', message: `${sizeText(free)} free for ${whatFor}, ${sizeText(needed)} needed` };
}
