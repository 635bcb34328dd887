import { accessSync, constants } from 'node:fs';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The Chromium that browser tests use. Throws when there is none: a test that is skipped proves nothing. */
export function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  const found = (named === undefined ? usualPlaces : [named]).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    named === undefined
      ? `no Chromium found at ${usualPlaces.join(', ')}: install it (apt-get install chromium) or set CHROMIUM_PATH`
      : `CHROMIUM_PATH is ${named}, which is not an executable file`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
