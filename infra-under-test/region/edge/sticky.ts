const cookieName = 'pod';

/** The pod that a client asks to be sent to by its cookie, if any. A pod sets it when a session lives in its memory. */
export function wantedPod(cookies: string | undefined): string | undefined {
  if (!cookies) return undefined;
  for (const cookie of cookies.split(';')) {
    const [name, value] = cookie.trim().split('=', 2);
    if (name === cookieName) return value;
  }
  return undefined;
}
