import { randomBytes } from 'node:crypto';

/** The account that everything of a pocket region belongs to. */
export const account = '000000000000';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new identifier in FIS's form: `EXT...` for a template, `EXP...` for an experiment. */
export function newId(prefix: 'EXT' | 'EXP'): string {
  return prefix + [...randomBytes(15)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export const fisArn = (
  region: string,
  kind: 'action' | 'experiment-template' | 'experiment' | 'safety-lever',
  id: string,
): string => `arn:aws:fis:${region}:${account}:${kind}/${id}`;
