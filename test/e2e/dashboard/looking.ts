import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Pictures that a person looks at; git does not keep them. */
const ARTEFACTS = join(
  import.meta.dirname,
  import.meta.dirname.includes('/dist/') ? '../../../artefacts' : '../../artefacts',
);

const PATIENCE = 60_000;

export type Looking = {
  readonly page: Page;
  /** What the browser had to complain about: errors of scripts, breaches of the policy, requests elsewhere. */
  readonly complaints: readonly string[];
  /** Opens a view by its URL, and waits until it is answered. */
  readonly open: (path: string) => Promise<void>;
  readonly picture: (name: string) => Promise<void>;
};

/** A person at the page of one platform. */
export async function lookAt(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Looking> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  const page = await context.newPage();
  // Else the time limit of the test ends it first, and nobody learns what was missing.
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked ${request.url()}`);
  });
  mkdirSync(ARTEFACTS, { recursive: true });
  return {
    page,
    complaints,
    open: async (path) => {
      await page.goto(address + path);
      await page.locator('.read-at code').last().waitFor();
    },
    picture: async (name) => {
      await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true });
    },
  };
}

/** Pixels by which the page is wider than its window: more than none lets it be pushed aside. */
export const tooWide = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** The text that has the focus, and what it is. */
export const focused = (page: Page) =>
  page.evaluate<string>('document.activeElement.tagName + " " + document.activeElement.textContent.trim()');
