import { validation } from './errors.ts';

const largest = 100;

/** One page of a list by `maxResults` and `nextToken`, and the token of the next page if there is one. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): { page: T[]; nextToken?: string } {
  const size = readSize(query.get('maxResults'));
  const first = readToken(query.get('nextToken'));
  const next = first + size;
  return {
    page: items.slice(first, next),
    ...(next < items.length && { nextToken: Buffer.from(String(next)).toString('base64url') }),
  };
}

function readSize(text: string | null): number {
  if (text === null) return largest;
  const size = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (size >= 1 && size <= largest) return size;
  throw validation(
    `1 validation error detected: Value '${text}' at 'maxResults' failed to satisfy constraint: Member must be between 1 and ${largest}`,
  );
}

function readToken(text: string | null): number {
  if (text === null) return 0;
  const decoded = Buffer.from(text, 'base64url').toString();
  if (/^\d+$/.test(decoded)) return Number(decoded);
  throw validation('The pagination token is invalid.');
}
