import { join } from 'node:path';
import { z } from 'zod';
import { evidenceFiles } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { checksum, readIfThere } from '../runtime/files.ts';

const manifestSchema = z.object({ files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })) });

/** Tells every file that is no longer what was sealed. A run that ended before it was sealed has no manifest. */
export async function verifyManifest(folder: string, problems: Facts['problems']): Promise<void> {
  const text = await readIfThere(join(folder, evidenceFiles.manifest));
  if (text === undefined) return;
  const manifest = parse(text);
  if (manifest === null) {
    problems.push({ about: 'evidence', message: `${evidenceFiles.manifest} could not be read` });
    return;
  }
  for (const name of Object.keys(manifest.files).sort()) {
    const sealed = manifest.files[name];
    const found = await checksum(join(folder, name)).catch(() => null);
    if (found === null)
      problems.push({ about: 'evidence', message: `${name} is in the manifest, but could not be read` });
    else if (found.sha256 !== sealed?.sha256 || found.bytes !== sealed.bytes)
      problems.push({
        about: 'evidence',
        message: `${name} is not the file that the run sealed: its checksum differs`,
      });
  }
}

function parse(text: string): z.infer<typeof manifestSchema> | null {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
