import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { invalid } from '../model/errors.ts';
import {
  type ReviewManifest,
  type ReviewSignature,
  reviewFileNames,
  reviewManifestSchema,
  reviewSignatureSchema,
} from '../model/review.ts';
import { checksum, readIfThere, writeAtomically, writeJson } from '../runtime/files.ts';

const { manifest: manifestName, signature: signatureName } = reviewFileNames;

/** The environment variable with the passphrase of a key that has one. */
export const passphraseEnv = 'TENFOLD_KEY_PASSPHRASE';

/**
 * The user's key, from a file.
 * @throws TenfoldError (invalid) when it is no private Ed25519 key, or cannot be opened
 */
export async function readSigningKey(path: string): Promise<KeyObject> {
  const refuse = (why: string) =>
    invalid(
      `${path} cannot sign: ${why}`,
      `openssl genpkey -algorithm ed25519 -out ${path} makes a key; ${passphraseEnv} holds its passphrase, if it has one`,
    );
  const pem = await readFile(path).catch((error: Error) => {
    throw refuse(error.message);
  });
  const passphrase = process.env[passphraseEnv];
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`it is a key for ${key.asymmetricKeyType}, not Ed25519`);
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

/** A public key, from a file. @throws TenfoldError (invalid) when it cannot be read */
export const readPublicKey = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch((error: Error) => {
    throw invalid(`the public key cannot be read: ${error.message}`, 'openssl pkey -in KEY -pubout writes it');
  });

/** Writes the checksums of all files of a review's folder, signed if there is a key. */
export async function writeManifest(folder: string, review: string, key: KeyObject | undefined): Promise<void> {
  const manifest: ReviewManifest = { schemaVersion: 1, review, files: await sumsBelow(folder) };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeAtomically(join(folder, manifestName), text);
  if (key === undefined) return;
  const signature: ReviewSignature = {
    algorithm: 'Ed25519',
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    signature: sign(null, Buffer.from(text), key).toString('base64'),
  };
  await writeJson(join(folder, signatureName), signature);
}

async function sumsBelow(folder: string): Promise<ReviewManifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== manifestName && name !== signatureName)
    .sort();
  const sums: ReviewManifest['files'] = {};
  for (const name of names) sums[name] = await checksum(join(folder, name));
  return sums;
}

/** What a folder's manifest says of it. */
export interface Checked {
  review: string;
  /** What is not as it was, a line each; empty where all is. */
  problems: string[];
  files: number;
  /** null: it was not signed. */
  signedBy: { publicKey: string; fingerprint: string } | null;
}

/**
 * Checks a review's folder against its manifest, and the manifest against its signature.
 * @param publicKey PEM of the key that has to have signed it
 * @throws TenfoldError (invalid) when the folder is not that of a review
 */
export async function checkManifest(folder: string, publicKey?: string): Promise<Checked> {
  const text = await readIfThere(join(folder, manifestName));
  if (text === undefined)
    throw invalid(
      `${folder} is not the folder of a review: it has no ${manifestName}`,
      'reviews are below reports/review/',
    );
  const manifest = parsed(reviewManifestSchema, text, join(folder, manifestName));
  const { files, review } = manifest;
  const is = await sumsBelow(folder);
  const names = [...new Set([...Object.keys(files), ...Object.keys(is)])].sort();
  const changed = names.flatMap((name) => {
    if (files[name] === undefined) return [`${name} was added`];
    if (is[name] === undefined) return [`${name} is missing`];
    return is[name].sha256 === files[name].sha256 ? [] : [`${name} was changed`];
  });
  const signed = await checkSignature(folder, text, publicKey);
  return { review, problems: [...changed, ...signed.problems], files: Object.keys(files).length, signedBy: signed.by };
}

async function checkSignature(
  folder: string,
  text: string,
  publicKey: string | undefined,
): Promise<{ problems: string[]; by: Checked['signedBy'] }> {
  const path = join(folder, signatureName);
  const stored = await readIfThere(path);
  if (stored === undefined)
    return { problems: publicKey === undefined ? [] : ['it was not signed, by this key or another'], by: null };
  const signature = parsed(reviewSignatureSchema, stored, path);
  const key = keyFrom(signature.publicKey, path);
  const by = { publicKey: signature.publicKey, fingerprint: keyFingerprint(key) };
  const isSigned = verify(null, Buffer.from(text), key, Buffer.from(signature.signature, 'base64'));
  const isOther = publicKey !== undefined && keyFingerprint(keyFrom(publicKey, 'the public key')) !== by.fingerprint;
  return {
    problems: [
      ...(isSigned ? [] : [`${manifestName} was changed: its signature is not that of its key`]),
      ...(isOther ? [`it was signed by another key, ${by.fingerprint}`] : []),
    ],
    by,
  };
}

function keyFrom(pem: string, where: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`a key for ${key.asymmetricKeyType}, not Ed25519`);
  } catch (error) {
    throw invalid(
      `${where} holds no public key: ${(error as Error).message}`,
      'openssl pkey -in KEY -pubout writes it',
    );
  }
}

/** As OpenSSH writes that of a key: SHA-256 of its bytes. */
const keyFingerprint = (key: KeyObject): string =>
  `SHA256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')
    .replace(/=+$/, '')}`;

function parsed<T>(schema: { parse(json: unknown): T }, text: string, path: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw invalid(
      `${path} cannot be read: ${(error as Error).message}`,
      'it was cut, edited, or written by another version of tenfold',
    );
  }
}
