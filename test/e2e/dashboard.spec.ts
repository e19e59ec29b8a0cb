import { variableName } from '@chargeproof/config';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerBrowser } from '../fixtures/browser.ts';
import { focused, type Looking, lookAt, tooWide } from './dashboard/looking.ts';
import {
  CUT,
  LIVE,
  RECORDED,
  type Stage,
  startEmptyStage,
  startStage,
  whenCharged,
} from './dashboard/stage.ts';

const STATION = `/stations/${encodeURIComponent(RECORDED)}`;
const PICTURES = {
  '/': 'fleet',
  [STATION]: 'station',
  '/transactions': 'transactions',
  '/findings': 'findings',
  '/frames': 'frames',
};

const offer = offerBrowser();
if ('missing' in offer) it.skip(`the page in a browser (${offer.missing})`, () => undefined);
else inBrowser(offer.start);

function inBrowser(start: () => Promise<Browser>): void {
  let browser: Browser;
  let stage: Stage;
  let looking: Looking;
  const all: Looking[] = [];
  const look = async (options: BrowserContextOptions = {}) => {
    const one = await lookAt(browser, stage.address, options);
    all.push(one);
    return one;
  };

  beforeAll(async () => {
    [browser, stage] = await Promise.all([start(), startStage()]);
    await stage.charge();
    await whenCharged(stage.address, LIVE);
    looking = await look();
  });
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });

  describe('the page', () => {
    it('shows the fleet, and what a station does while it does it', async () => {
      const { page, open, picture } = looking;
      await open('/');
      const row = page.getByRole('row').filter({ hasText: RECORDED });
      await row.getByText('2.0.7').waitFor();
      await row.getByText('Not linked').waitFor();
      await row.getByText('1 rule').waitFor();
      const live = page.getByRole('row').filter({ hasText: LIVE });
      await live.getByText(/●Linked/).waitFor();
      await live.getByText('Available').waitFor();
      await picture('fleet');
      await page.getByRole('searchbox').fill('live');
      await row.waitFor({ state: 'detached' });
      expect(page.url()).toContain('text=live');
      await page.getByRole('searchbox').fill('');
      await page.goto(`${stage.address}/transactions?station=${LIVE}`);
      await page.getByText('1 in all').waitFor();
      await stage.charge();
      await page.getByText('2 in all').waitFor();
    });

    it('goes from an uptime to its frames, and to the bytes of one', async () => {
      const { page, open, picture } = looking;
      await open('/');
      await page.getByRole('button', { name: /1.*%/ }).first().click();
      const drawer = page.getByRole('dialog');
      await drawer.getByRole('heading', { name: /^Uptime of/ }).waitFor();
      const action = await drawer.locator('summary strong').first().innerText();
      expect(await drawer.locator('pre').first().innerText()).toContain(`"${action}"`);
      await drawer.getByText('Hex', { exact: true }).first().click();
      await drawer.getByText('5b 32 2c').first().waitFor();
      await picture('evidence');
      await drawer.getByRole('link', { name: 'Open this frame' }).first().click();
      await page.getByRole('heading', { level: 1, name: action }).waitFor();
      await page.getByText('Log position').waitFor();
      await page.getByText(/: answered after/).waitFor();
      await picture('frame');
      expect(page.url()).toContain('/frames/');
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
    });

    it('shows a station: its timeline, figures, configuration and frames, those that arrive on top', async () => {
      const { page, open, picture } = looking;
      await open(STATION);
      await page.getByRole('heading', { level: 1, name: RECORDED }).waitFor();
      await page.getByRole('group', { name: 'Connector 1' }).getByRole('button').first().waitFor();
      await page.getByRole('group', { name: 'Transactions 1' }).getByRole('link').waitFor();
      await page.getByText('2.881 kWh').waitFor();
      // Of the uptime, and of the energy.
      expect(await page.getByText(/Its record:/).allInnerTexts()).toEqual(
        [0, 1].map(
          () => expect.stringMatching(/^Its record:\s(complete|\d.* known, \d+ gaps?|\d+ gaps?)$/) as string,
        ),
      );
      await picture('station');
      await page.getByPlaceholder('Action').fill('MeterValues');
      await page.getByText('4 frames', { exact: true }).waitFor();
      expect(page.url()).toContain('action=MeterValues');
      await open(`/stations/${LIVE}`);
      await page.getByText(/Gateway’s clock: at most (4\.9|5)\S* s slow/).waitFor();
      await page.getByText('Clock off').waitFor();
      const frames = page.getByRole('list', { name: 'Frames, newest first' });
      const before = await frames.getByRole('link').first().getAttribute('href');
      await stage.charge();
      await page.getByText(/more since/).waitFor();
      expect(await frames.getByRole('link').first().getAttribute('href')).not.toBe(before);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText(/Paused · 0 new/).waitFor();
      await stage.charge();
      await page.getByText(/Paused · [1-9]\d* new/).waitFor();
      await picture('station-live');
    });

    it('shows what a station was asked to do, by whom, what came of it, and both frames of it', async () => {
      const { page, open } = looking;
      await stage.charge();
      await stage.command(LIVE, 'ClearCache');
      await open(`/stations/${LIVE}`);
      await page.getByText(/^\d+ asked for$/).click();
      const row = page.getByRole('row').filter({ hasText: 'ClearCache' });
      await row.getByText('a person').waitFor();
      await row.getByText('tried').waitFor();
      await row.getByRole('button', { name: /Answered/ }).click();
      const drawer = page.getByRole('dialog');
      const shown = () => drawer.locator('summary strong').allInnerTexts();
      await expect.poll(shown).toEqual(['ClearCache', 'Result']);
      expect(await drawer.locator('pre').first().innerText()).toContain('"ClearCache"');
      await page.keyboard.press('Escape');
    });

    it('shows a transaction: energy with its method, its curve and its frames', async () => {
      const { page, open, picture } = looking;
      await open(`/transactions?station=${encodeURIComponent(RECORDED)}`);
      await picture('transactions');
      await page.getByRole('rowheader').getByRole('link').click();
      await page.getByRole('heading', { level: 1, name: 'Transaction 77' }).waitFor();
      await page.getByRole('button', { name: '2.881 kWh' }).waitFor();
      await page.getByText('By meterStop less meterStart.').waitFor();
      await page.getByText(/^Its record:\s(complete|\d.* known, \d+ gaps?)$/).waitFor();
      await page
        .getByRole('img', { name: /energy register and power/ })
        .locator('canvas')
        .waitFor();
      await page
        .getByRole('list', { name: /^Frames of the transaction/ })

        .getByText('StopTransaction', { exact: true })
        .waitFor();
      await picture('transaction');
      await page.getByRole('button', { name: '2.881 kWh' }).click();
      await page.getByRole('dialog').getByText('StartTransaction', { exact: true }).waitFor();
    });

    it('shows findings, where they were found, and on the frame what is wrong with it', async () => {
      const { page, open, picture } = looking;
      await open(`/findings?station=${encodeURIComponent(RECORDED)}`);
      await page.getByText('When and where').click();
      await picture('findings');
      await page
        .getByRole('region', { name: `Findings of ${RECORDED}` })
        .locator('.occurrences a')
        .click();
      await page.getByText(CUT, { exact: true }).waitFor();
      await page.getByText(/By the station:/).waitFor();
      expect(await page.getByText('JSON', { exact: true }).count()).toBe(0);
      await picture('frame-cut');
    });

    it('is read with the keyboard alone', async () => {
      const { page, open } = looking;
      await open('/');
      await page.getByText('1 rule').waitFor();
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('A To the content');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: RECORDED }).focus();
      await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toBe(`A ${LIVE}`);
      await page.keyboard.press('Tab');
      const figure = await focused(page);
      expect(figure).toMatch(/^BUTTON/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').locator('pre').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe(figure);
    });

    it('answers as of an earlier moment, which stays in the URL from view to view', async () => {
      const { page, open, picture } = looking;
      await open('/');
      const readAt = (await page.locator('.read-at code').textContent()) ?? '';
      await stage.charge();
      await open(`/transactions?station=${LIVE}&asOf=${encodeURIComponent(readAt)}`);
      await page.getByText('You see what was known').waitFor();
      const then = await page.getByText('in all').textContent();
      expect(await page.locator('.read-at code').textContent()).toBe(readAt);
      await picture('as-of');
      await page.getByRole('link', { name: 'Fleet' }).click();
      expect(page.url()).toContain('asOf=');
      await page.goBack();
      await page.getByRole('link', { name: 'Back to now' }).click();
      await expect.poll(() => page.getByText('in all').textContent()).not.toBe(then);
      await page.getByRole('button', { name: /^As of/ }).click();
      await page.getByLabel('A moment').fill('2020-01-01T00:00:00');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByText('No transaction is like that.').waitFor();
      await open('/frames/nothing/1');
      await page.getByText('No such frame is in the record.').waitFor();
      await page.goto(`${stage.address}/?asOf=g65535.1`);
      await page
        .getByRole('alert')
        .getByText(/not folded yet/)
        .waitFor();
      await page.getByRole('link', { name: 'Ask as of now' }).click();
      await page.getByRole('link', { name: LIVE }).waitFor();
    });

    it('fits a phone, and is dark where that is preferred or chosen', async () => {
      const phone = await look({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
      const { page } = phone;
      const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      for (const [view, name] of Object.entries(PICTURES)) {
        await phone.open(view);
        await expect.poll(() => page.locator('.loading').count()).toBe(0);
        expect(await tooWide(page), view).toBe(0);
        await phone.picture(`phone-${name}`);
      }
      await page.getByRole('link').filter({ hasText: 'StopTransaction' }).first().click();
      await page.getByText('Log position').waitFor();
      expect(await tooWide(page)).toBe(0);
      const dark = await ground();
      await page.getByRole('button', { name: 'Light colours' }).click();
      const light = await ground();
      expect(light).not.toBe(dark);
      await page.reload();
      expect(await ground()).toBe(light);
      const wide = await look({ colorScheme: 'dark' });
      await wide.open('/');
      await wide.page.getByText('1 rule').waitFor();
      await wide.picture('fleet-dark');
    });

    it('asked nobody else, and the browser had nothing to complain of', () => {
      expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);
    });
  });

  it('the page asks for the token of a platform that asks for one, and once', async () => {
    const token = 'a-token-of-this-platform';
    const asking = await startEmptyStage({ [variableName('api', 'token')]: token });
    try {
      const { page } = await lookAt(browser, asking.address);
      await page.goto(asking.address);
      await page.getByRole('textbox', { name: 'Token' }).fill(token);
      await page.getByRole('button', { name: 'Ask with it' }).click();
      await page.getByText('No station has been recorded yet.').waitFor();
      await page.reload();
      await page.getByText('No station has been recorded yet.').waitFor();
      expect(await page.getByRole('dialog').count()).toBe(0);
      await asking.charge();
      await page.getByRole('link', { name: LIVE }).waitFor();
    } finally {
      await asking.close();
    }
  });
}
