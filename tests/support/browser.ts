import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';

/** Where Debian, Ubuntu and Alpine put Chromium; BROWSER_EXECUTABLE names another. */
const places = [process.env['BROWSER_EXECUTABLE'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium on this machine, or undefined. */
export function findBrowser(): string | undefined {
  return places.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** Nothing of its own accord on the network: what is requested is what the page requests. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless browser with an empty profile, hands it to `work`, and closes it whatever happens. */
export async function withBrowser<Result>(
  executablePath: string,
  work: (browser: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const profile = mkdtempSync(join(tmpdir(), 'bailiwick-browser-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: quiet,
    viewport: { width: 1400, height: 900 },
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
