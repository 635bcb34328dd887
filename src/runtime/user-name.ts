import { userInfo } from 'node:os';

/** Who runs this process. A user of a container may have no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
