const cookieName = 'pod';

/** The pod that a client's cookie asks for, if any. A pod sets the cookie when a session lives in its memory. */
export function wantedPod(cookies: string | undefined): string | undefined {
  if (!cookies) return undefined;
  for (const cookie of cookies.split(';')) {
    const [name, value] = cookie.trim().split('=', 2);
    if (name === cookieName) return value;
  }
  return undefined;
}
