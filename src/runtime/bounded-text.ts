const mebibyte = 1024 ** 2;

/** Anything longer is no answer to a probe, a guard or a query: it would be kept in memory, many times a second. */
export const longestAnswerBytes = 4 * mebibyte;
/** A run may have many orders. */
export const longestOrdersBytes = 256 * mebibyte;

/** An answer that is too long to be read to its end. */
export class AnswerTooLong extends Error {
  readonly code = 'TOO_LONG';

  constructor(longestBytes: number) {
    super(`the answer is longer than ${longestBytes / mebibyte} MiB`);
  }
}

/** Reads an answer to its end. @throws when it is longer than it may be */
export async function textOf(body: AsyncIterable<Buffer>, longestBytes = longestAnswerBytes): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longestBytes) throw new AnswerTooLong(longestBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A text parsed as JSON; undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
