import type { Facts } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** What was measured; when measuring itself fails, that is told as a problem, and the other facts stand. */
export async function guarded<T, U>(
  { problems, folder }: EvidenceStore,
  about: Facts['problems'][number]['about'],
  what: string,
  measure: () => T | Promise<T>,
  otherwise: U,
): Promise<T | U> {
  try {
    return await measure();
  } catch (error) {
    const why = String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
    // Without where the folder lies: the same evidence has to give the same words anywhere.
    problems.push({ about, message: `${what} could not be measured: ${why.replaceAll(folder, 'the evidence')}` });
    return otherwise;
  }
}
