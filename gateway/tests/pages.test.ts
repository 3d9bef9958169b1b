import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { startTestGateway } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';

const sampleTokens = [
  { label: 'System Admin: Ada Example', token: 'token-of-ada' },
  { label: '</script><b>"Evil" & Co', token: 'token-of-evil' },
];

/** The JSON in a page's data block. */
function dataOf(html: string, id: string) {
  const block = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`).exec(html)?.[1];
  return JSON.parse(block ?? 'null') as {
    operations: { name: string; document: string }[];
    sampleTokens: typeof sampleTokens;
    workers?: Record<string, string>;
  };
}

describe('the pages', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startTestGateway({ sampleTokens });
  });
  afterAll(() => gateway.stop());

  test('/ shows Apollo Sandbox with the operations and the sample tokens, and escapes what it is given', async () => {
    const response = await fetch(gateway.url);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js');
    const data = dataOf(html, 'page-data');
    expect(data.operations.map(({ name }) => name)).toContain('agencyOverview');
    expect(data.sampleTokens).toEqual(sampleTokens);
    expect(html).not.toContain('<b>"Evil"');
    expect(html).toContain('href="/explorer"');
    const script = await fetch(`${gateway.url}/assets/sandbox.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toContain('EmbeddedSandbox');
  });

  test('/explorer serves every file from here, under a policy that allows nothing else', async () => {
    const response = await fetch(`${gateway.url}/explorer`);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'self';/);
    expect(policy).not.toMatch(/https?:/);
    const html = await response.text();
    const data = dataOf(html, 'explorer-data');
    expect(data.sampleTokens).toEqual(sampleTokens);
    expect(data.operations.map(({ name }) => name)).toContain('me');
    const links = [...html.matchAll(/<(?:link|script)[^>]* (?:src|href)="([^"]+)"/g)]
      .map((match) => match[1]!)
      .concat(Object.values(data.workers ?? {}));
    expect(links.length).toBeGreaterThanOrEqual(6);
    for (const link of links) {
      expect(link).toMatch(/^\/(explorer\/)?assets\//);
      const file = await fetch(`${gateway.url}${link}`);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(0);
      expect({ link, status: file.status }).toEqual({ link, status: 200 });
      if (link.startsWith('/explorer')) expect(file.headers.get('cache-control')).toContain('immutable');
    }
  });

  test.each([
    ['asked for under a name of somebody else', { host: 'rebound.example.org' }],
    ['forwarded by a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['forwarded by another kind of proxy', { forwarded: 'for=203.0.113.9' }],
  ])('a page that is %s hands out no token, and says where they are', async (_how, headers) => {
    for (const path of ['/', '/explorer']) expect(await pageAt(path, headers)).not.toContain('token-of-ada');
    expect(await pageAt('/', headers)).toContain('shown on the machine of this server only');
  });

  test('a page that is asked for under any loopback name hands them out', async () => {
    for (const host of ['localhost:4000', '127.0.0.1', '[::1]:4000', 'bailiwick.localhost'])
      expect(await pageAt('/', { host })).toContain('token-of-ada');
  });

  /** A page as it is answered to a request with these headers, which fetch does not send. */
  async function pageAt(path: string, headers: Record<string, string>): Promise<string> {
    const response = await new Promise<IncomingMessage>((resolve) => get(`${gateway.url}${path}`, { headers }, resolve));
    return text(response);
  }

  test('a file that is not of the explorer is not served, whatever its path', async () => {
    for (const path of ['nothing.js', '..%2f..%2f..%2fpackage.json', 'manifest.json']) {
      expect((await fetch(`${gateway.url}/explorer/assets/${path}`)).status).toBe(404);
    }
  });

  test('without introspection there is neither Sandbox nor explorer nor token', async () => {
    const closed = await startTestGateway({ allowIntrospection: false, sampleTokens });
    try {
      const response = await fetch(closed.url);
      expect(response.headers.get('content-security-policy')).not.toContain('apollographql.com');
      const html = await response.text();
      expect(html).toContain('POST /graphql');
      expect(html).not.toContain('apollographql.com');
      expect((await fetch(closed.url)).headers.get('content-security-policy')).not.toContain('apollographql.com');
      expect(html).not.toContain('token-of-ada');
      expect((await fetch(`${closed.url}/explorer`)).status).toBe(404);
    } finally {
      await closed.stop();
    }
  });
});
