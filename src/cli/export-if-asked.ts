import type { LiveExport, LiveWish } from '../export/live.ts';

/** Tells others the numbers of drills as they run, if that is wished for. */
export async function exportIfAsked(wish: LiveWish, say: (line: string) => void): Promise<LiveExport | undefined> {
  if (wish.metrics === undefined && wish.otlp === undefined) return undefined;
  const { exportLive } = await import('../export/live.ts');
  return await exportLive(wish, say);
}
