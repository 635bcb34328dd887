import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { evidenceFiles } from '../model/evidence.ts';
import { checksum, isFile, readIfThere } from '../runtime/files.ts';
import type { EvidenceStore } from './evidence-store.ts';

/**
 * For a columnar file: the checksum of the file it was made of, what made it, and how many rows it lacks because they
 * could not be read.
 */
const columnarSchema = z.object({ madeOf: z.string(), madeBy: z.string(), brokenRows: z.number() });
export type Columnar = z.infer<typeof columnarSchema>;
const sealedFileSchema = z.object({ sha256: z.string(), bytes: z.number(), columnar: columnarSchema.optional() });
export type SealedFile = z.infer<typeof sealedFileSchema>;
const manifestSchema = z.object({ files: z.record(z.string(), sealedFileSchema) });
export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest has a few lines; a longer file is none, and not worth the memory. */
const maxManifestBytes = 1_000_000;

/**
 * Reports every file that is no longer what was sealed, or was not sealed with the others, and notes those that are. A
 * run that ended before it was sealed has no manifest: `tellMissingManifest` decides whether it should have one.
 */
export async function verifyManifest(store: EvidenceStore): Promise<void> {
  const { folder, problems, sealed } = store;
  if (!hasManifest(folder)) return;
  const manifest = await readManifest(join(folder, evidenceFiles.manifest));
  const tell = (message: string) => problems.push({ about: 'evidence', message });
  if (manifest === null) {
    tell(`${evidenceFiles.manifest} could not be read`);
    return;
  }
  for (const [name, expected] of Object.entries(manifest.files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    // A manifest may name something anywhere, and without an end.
    const isEvidence = basename(name) === name && isFile(join(folder, name));
    const found = isEvidence ? await checksum(join(folder, name)).catch(() => null) : null;
    if (found === null) tell(`${name} is in the manifest, but could not be read`);
    else if (found.sha256 !== expected.sha256 || found.bytes !== expected.bytes)
      tell(`${name} is not the file that the run sealed: its checksum differs`);
    else sealed.set(name, expected);
  }
  for (const name of Object.values(evidenceFiles).sort())
    if (name !== evidenceFiles.manifest && !(name in manifest.files) && existsSync(join(folder, name)))
      tell(`${name} is not in the manifest: the run did not seal it`);
}

/** Without its manifest, nothing shows that the evidence of a run that ended is what that run left. */
export function tellMissingManifest({ folder, problems }: EvidenceStore, hasEnded: boolean): void {
  if (hasEnded && !hasManifest(folder))
    problems.push({
      about: 'evidence',
      message: `${evidenceFiles.manifest} is missing: nothing shows that the evidence is what the run left`,
    });
}

const hasManifest = (folder: string): boolean => existsSync(join(folder, evidenceFiles.manifest));

async function readManifest(path: string): Promise<Manifest | null> {
  try {
    if (!isFile(path) || (await stat(path)).size > maxManifestBytes) return null;
    return manifestSchema.parse(JSON.parse((await readIfThere(path)) ?? ''));
  } catch {
    return null;
  }
}
