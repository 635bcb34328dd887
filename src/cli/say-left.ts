import type { TellLeft } from '../model/fault.ts';

/** Says at once what was not taken back, as somebody else has changed it since. */
export const sayLeft: TellLeft = (words) => void process.stderr.write(`left as it is: ${words}\n`);
