import type { Page } from 'playwright-core';
import { stubSubgraphs } from '../gateway/tests/support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from '../gateway/tests/support/testGateway.js';
import type { TestGateway } from '../gateway/tests/support/testGateway.js';
import { findBrowser, withBrowser } from './support/browser.js';

const browserPath = findBrowser();
const sandboxScript = 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';

/** Stands in for Apollo's script, which is not of this test: it keeps what it was constructed with. */
const sandboxStandIn = `window.EmbeddedSandbox = class { constructor(options) { window.sandboxOptions = options; } dispose() {} };`;

interface SandboxWindow {
  sandboxOptions: {
    initialEndpoint: string;
    initialState: { document: string; variables?: Record<string, unknown>; headers?: unknown };
    handleRequest(url: string, options: RequestInit): Promise<Response>;
  };
}

interface TabsWindow {
  document: { querySelector(selector: string): { getBoundingClientRect(): { left: number; right: number } } };
}

describe('the pages in a browser', () => {
  if (browserPath === undefined) {
    test.skip('skipped: no Chromium on this machine; install it, or name one in BROWSER_EXECUTABLE', () => undefined);
    return;
  }
  const ada = { id: '018f0000-0000-7000-8000-000000000002', fullName: 'Ada Example', roles: ['Lawyer'] };
  const subgraphs = stubSubgraphs({
    shared: { Query: { me: () => ada } },
    caseManagement: {
      Person: {
        assignedCases: () => ({
          nodes: [{ caseNumber: 'LC-2026-000041', title: 'A', status: 'IN_COURT', priority: 'LOW' }],
          totalCount: 1,
        }),
      },
    },
    audit: {
      Person: { ledEngagements: () => ({ nodes: [], totalCount: 0 }), actionPlans: () => ({ nodes: [], totalCount: 0 }) },
    },
  });
  const tokensSeen = () => new Set(subgraphs.shared.requests.map(({ authorization }) => authorization));
  let gateway: TestGateway;
  let tokens: string[];

  beforeAll(async () => {
    tokens = [await tokenFor(undefined, 600), await tokenFor(undefined, 700)];
    const sampleTokens = [
      { label: 'System Admin: Ada Example', token: tokens[0]! },
      { label: 'Lawyer: Ben Example', token: tokens[1]! },
    ];
    gateway = await startTestGateway({ subgraphs, sampleTokens });
  });
  beforeEach(() => subgraphs.shared.requests.splice(0));
  afterAll(() => gateway.stop());

  /** Collects what the page asks of other origins, and what the browser refused or what threw. */
  function watch(page: Page) {
    const seen = { foreign: [] as string[], complaints: [] as string[] };
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:') && !request.url().startsWith('blob:'))
        seen.foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') seen.complaints.push(message.text());
    });
    page.on('pageerror', (error) => seen.complaints.push(error.message));
    return seen;
  }

  test('/explorer runs an example operation as the chosen person and shows its result, with nothing from elsewhere', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      const seen = watch(page);
      await page.goto(`${gateway.url}/explorer`);
      await page.selectOption('#person', { label: 'Lawyer: Ben Example' });
      await page.click('[data-operation=me]');
      await page.locator('.graphiql-query-editor', { hasText: 'query Me' }).waitFor();
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'LC-2026-000041' }).waitFor();
      const result = await page.locator('.result-window').innerText();
      // The editor writes spaces as ones that do not break.
      expect(result.replaceAll('\u00a0', ' ')).toContain('"fullName": "Ada Example"');
      expect([...tokensSeen()]).toEqual([`Bearer ${tokens[1]}`]);
      expect(seen).toEqual({ foreign: [], complaints: [] });
    });
  });

  test('/explorer opens an operation with its variables in a tab of its own, and completes fields from the schema', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      const seen = watch(page);
      await page.goto(`${gateway.url}/explorer`);
      await page.click('[data-operation=agencyOverview]');
      await page.locator('.graphiql-editor-tool', { hasText: '"code"' }).waitFor();
      await page.locator('.graphiql-tab', { hasText: 'AgencyOverview' }).waitFor();
      expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual(['Me', 'AgencyOverview']);
      await page.click('[data-operation=me]');
      await page.locator('.graphiql-tab-active', { hasText: 'Me' }).waitFor();
      expect(await page.locator('.graphiql-tab').count()).toBe(2);

      await page.click('.graphiql-query-editor .view-lines');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('{ legalCaseBy');
      await page.locator('.suggest-widget', { hasText: 'legalCaseByNumber' }).waitFor();
      expect(seen).toEqual({ foreign: [], complaints: [] });
    });
  });

  test('/explorer takes a pasted token, and as nobody shows UNAUTHENTICATED', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${gateway.url}/explorer`);
      await page.locator('.graphiql-query-editor', { hasText: 'query Me' }).waitFor();
      await page.selectOption('#person', { label: 'nobody' });
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'UNAUTHENTICATED' }).waitFor();
      await page.selectOption('#person', { label: 'another token…' });
      await page.fill('#token', `Bearer ${tokens[0]}`);
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'Ada Example' }).waitFor();
      expect([...tokensSeen()]).toEqual([`Bearer ${tokens[0]}`]);
    });
  });

  test('/ gives Sandbox the operation and its variables, and adds the token itself', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      const seen = watch(page);
      await page.route(sandboxScript, (route) => route.fulfill({ contentType: 'text/javascript', body: sandboxStandIn }));
      await page.goto(gateway.url);
      await page.selectOption('#operation', 'caseDetail');
      await page.selectOption('#person', { label: 'Lawyer: Ben Example' });
      const { state, answer } = await page.evaluate(async () => {
        const sandbox = (globalThis as unknown as SandboxWindow).sandboxOptions;
        const options = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ me { fullName } }' }),
        };
        return {
          state: sandbox.initialState,
          answer: await (await sandbox.handleRequest(sandbox.initialEndpoint, options)).json(),
        };
      });
      expect(state.document).toContain('query CaseDetail');
      expect(state.variables).toEqual({ caseNumber: expect.any(String) as string });
      expect(JSON.stringify(state)).not.toContain(tokens[1]);
      expect(answer).toEqual({ data: { me: { fullName: 'Ada Example' } } });
      expect([...tokensSeen()]).toEqual([`Bearer ${tokens[1]}`]);
      expect(seen).toEqual({ foreign: [sandboxScript], complaints: [] });
    });
  });

  test('/ without the internet becomes the explorer, and says why', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      await page.route(sandboxScript, (route) => route.abort());
      await page.goto(gateway.url);
      await page.locator('.graphiql-execute-button').waitFor();
      await page.locator('#sandbox-link', { hasText: 'unreachable' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/explorer');
    });
  });

  test('/explorer keeps the person over a reload, and clears the answers of the person before', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${gateway.url}/explorer`);
      await page.locator('.graphiql-query-editor', { hasText: 'query Me' }).waitFor();
      await page.selectOption('#person', { label: 'Lawyer: Ben Example' });
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'Ada Example' }).waitFor();
      await page.locator('#answer-facts', { hasText: /^Status 200 · \d+ ms · \d+ B$/ }).waitFor();
      await page.click('[data-operation=agencyOverview]');
      await page.locator('.graphiql-tab-active', { hasText: 'AgencyOverview' }).waitFor();

      await page.selectOption('#person', { label: 'nobody' });
      await page.click('[data-operation=me]');
      await page.locator('.graphiql-tab-active', { hasText: 'Me' }).waitFor();
      await page.locator('.result-window:not(:has-text("Ada Example"))').waitFor();
      expect(await page.locator('#answer-facts').innerText()).toBe('');

      await page.selectOption('#person', { label: 'Lawyer: Ben Example' });
      await page.reload();
      await page.locator('.graphiql-execute-button').waitFor();
      expect(await page.inputValue('#person')).toBe('Lawyer: Ben Example');
      expect(new Set(subgraphs.shared.requests.map(({ authorization }) => authorization))).toEqual(
        new Set([`Bearer ${tokens[1]}`]),
      );
    });
  });

  test('/explorer opens the operation and the variables of its address', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      const search = new URLSearchParams({ query: 'query Asked { me { fullName } }', variables: '{"asked": 1}' });
      await page.goto(`${gateway.url}/explorer?${search.toString()}`);
      await page.locator('.graphiql-query-editor', { hasText: 'query Asked' }).waitFor();
      await page.locator('.graphiql-editor-tool', { hasText: '"asked"' }).waitFor();
      await page.locator('.graphiql-tab-active', { hasText: 'Asked' }).waitFor();
    });
  });

  test('/explorer shows the active one of many tabs', async () => {
    await withBrowser(browserPath, async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${gateway.url}/explorer`);
      const operations = page.locator('[data-operation]');
      await page.locator('[data-operation]:not([disabled])').first().waitFor();
      const count = await operations.count();
      for (let index = 0; index < count; index += 1) await operations.nth(index).click();
      await page.waitForFunction(() => {
        const { document } = globalThis as unknown as TabsWindow;
        const tab = document.querySelector('.graphiql-tab-active').getBoundingClientRect();
        const row = document.querySelector('.graphiql-tabs').getBoundingClientRect();
        return tab.left >= row.left - 1 && tab.right <= row.right + 1;
      });
      expect(await page.locator('.graphiql-tab').count()).toBe(count);
    });
  });

  test('/explorer shows the operation and its answer on a screen of 390 pixels', async () => {
    await withBrowser(browserPath, async (browser) => {
      const phone = await browser.newPage();
      await phone.setViewportSize({ width: 390, height: 800 });
      await phone.goto(`${gateway.url}/explorer?${new URLSearchParams({ query: '{ me { fullName } }' }).toString()}`);
      await phone.locator('.graphiql-query-editor', { hasText: 'fullName' }).waitFor();
      await phone.click('.graphiql-execute-button');
      await phone.locator('.result-window', { hasText: 'Ada Example' }).waitFor();
      const box = (await phone.locator('.result-window').boundingBox())!;
      expect(box.width).toBeGreaterThan(250);
      expect(box.height).toBeGreaterThan(150);
      expect(box.x + box.width).toBeLessThanOrEqual(390);
      expect(box.y + box.height).toBeLessThanOrEqual(800);
    });
  });
});
