import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The Chromium of browser tests. @throws where there is none: a test that is skipped proves nothing */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });

function findChromium(): string {
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
