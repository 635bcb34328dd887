type Variables = Record<string, string | undefined>;

/** What every program needs; TENFOLD_ is tenfold's own. */
const needed = /^(PATH|HOME|TMPDIR|TENFOLD_.*)$/;

/**
 * The environment of a program that tenfold starts: a list of what it may know, because what it must not know has no end. A config's
 * commands are no such programs: they get everything that their owner has set.
 */
export const childEnvironment = (
  mayKnow: (name: string) => boolean,
  environment: Variables = process.env,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && (needed.test(entry[0]) || mayKnow(entry[0])),
    ),
  );

/** Where temporary files go, and whose certificates are trusted (way.ts). */
const neededByNode = /^(TMP|TEMP|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/;

/**
 * The same for one of tenfold's own programs. NODE_OPTIONS, NODE_DEBUG, UV_THREADPOOL_SIZE and the like would change what it measures,
 * or keep it from starting.
 * @param variables names of those that it reads.
 */
export const nodeEnvironment = (
  variables: readonly string[] = [],
  environment?: Variables,
): Record<string, string> => ({
  ...childEnvironment((name) => neededByNode.test(name) || variables.includes(name), environment),
  // Node passes this one on to whatever it starts, unless it is set.
  NODE_V8_COVERAGE: '',
});
