import { isDeepStrictEqual } from 'node:util';
import { conflict } from './errors.ts';

/** Requests that were carried out, by client token: one that is resent is not carried out again. */
export class ClientTokens<T> {
  readonly #done = new Map<string, { request: unknown; result: T }>();

  /** Carries out a request unless already done. Throws a ConflictException when another request had its token. */
  once(request: { clientToken: string }, carryOut: () => T): T {
    const before = this.#done.get(request.clientToken);
    if (!before) {
      const result = carryOut();
      this.#done.set(request.clientToken, { request, result });
      return result;
    }
    if (isDeepStrictEqual(before.request, request)) return before.result;
    throw conflict(`The client token ${request.clientToken} was used for a request with other parameters.`);
  }
}
