import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { dataFor } from './localVisitor.js';
import { dataBlock, escapeHtml } from './pageData.js';
import type { PageData } from './pageData.js';

/** The script of Apollo's embeddable Sandbox. It runs in a frame of another origin, and this page sends its requests. */
const sandboxScript = 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';

const sandboxContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' https://embeddable-sandbox.cdn.apollographql.com",
  "style-src 'self' https://embeddable-sandbox.cdn.apollographql.com",
  "img-src 'self' data: https://embeddable-sandbox.cdn.apollographql.com https://embeddable-explorer.cdn.apollographql.com",
  'frame-src https://sandbox.embed.apollographql.com',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The policy of the page without Sandbox. */
const plainContentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const publicFolder = new URL('../../public/', import.meta.url);
const publicFiles = {
  'sandbox.js': 'text/javascript; charset=utf-8',
  'pages.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Serves the landing page at GET /: Apollo Sandbox with the example operations. Without `data`, it is a page with one paragraph. */
export function serveLandingPage(app: FastifyInstance, data: PageData | undefined): void {
  app.get('/', async (request, reply) =>
    reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': data === undefined ? plainContentSecurityPolicy : sandboxContentSecurityPolicy,
        'cache-control': 'no-store',
      })
      .send(data === undefined ? plainPage() : sandboxPage(dataFor(request, data))),
  );
  for (const [file, contentType] of Object.entries(publicFiles)) {
    const content = readFileSync(new URL(file, publicFolder));
    app.get(`/assets/${file}`, async (_request, reply) =>
      reply.headers({ 'content-type': contentType, 'cache-control': 'no-cache' }).send(content),
    );
  }
  app.get('/favicon.ico', async (_request, reply) => reply.redirect('/assets/icon.svg', 302));
}

function sandboxPage(data: PageData): string {
  const operations = data.operations.map(
    ({ name, description }) =>
      `<option value="${escapeHtml(name)}" title="${escapeHtml(description)}">${escapeHtml(name)}</option>`,
  );
  const people = data.sampleTokens.map(({ label }) => `<option value="${escapeHtml(label)}">${escapeHtml(label)}</option>`);
  return page(
    'Bailiwick: Apollo Sandbox',
    `<header class="bar">
      <strong class="name">Bailiwick</strong>
      <label>Operation <select id="operation">${operations.join('')}</select></label>
      <label>Signed in as <select id="person">${people.join('')}<option value="pasted">another token…</option><option value="nobody">nobody</option></select></label>
      <input id="token" type="password" placeholder="Paste a token" aria-label="Token" autocomplete="off" hidden>
      <p id="description"></p>
      ${data.tokensWithheld ? '<p>The tokens of the sample people are shown on the machine of this server only. Paste one that npm start printed.</p>' : ''}
      <a href="/explorer">Explorer without internet</a>
    </header>
    <main id="sandbox">
      <div id="fallback" class="message">
        <h1>Apollo Sandbox is loading…</h1>
        <p>It comes from the internet. If it does not arrive, this page becomes the <a href="/explorer">explorer</a>, which has the same operations, and of which every file comes from this server.</p>
      </div>
    </main>
    <noscript>Apollo Sandbox needs JavaScript. Without it, send operations to POST /graphql.</noscript>
    ${dataBlock('page-data', data)}
    <script src="/assets/sandbox.js" data-sandbox="${sandboxScript}" defer></script>`,
  );
}

function plainPage(): string {
  return page(
    'Bailiwick',
    `<main class="message">
      <h1>Bailiwick</h1>
      <p>Legal case management and internal audit in one graph.</p>
      <p>Send operations to <code>POST /graphql</code> with the header <code>Authorization: Bearer &lt;token&gt;</code>. The schema is not shown here.</p>
    </main>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/pages.css">
  </head>
  <body>
    ${body}
  </body>
</html>
`;
}
