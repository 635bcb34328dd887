import type { Facts } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** What was measured; if measuring itself fails, that is reported as a problem, and the other facts stand. */
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
    // Without the folder's path: the same evidence must yield the same words anywhere.
    problems.push({ about, message: `${what} could not be measured: ${why.replaceAll(folder, 'the evidence')}` });
    return otherwise;
  }
}
