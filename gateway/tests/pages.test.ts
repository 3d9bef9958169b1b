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
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
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
      expect(html).not.toContain('token-of-ada');
      expect((await fetch(`${closed.url}/explorer`)).status).toBe(404);
    } finally {
      await closed.stop();
    }
  });
});
