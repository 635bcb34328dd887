/** Shown to the user as it is: what happened, why, and what to do. */
export class RegionError extends Error {
  /** 4: wrong options or an unsuitable machine; 1: anything else. */
  readonly exitCode: 1 | 4;

  constructor(message: string, exitCode: 1 | 4 = 1, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'RegionError';
    this.exitCode = exitCode;
  }
}
