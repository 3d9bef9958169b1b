import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { FastifyInstance } from 'fastify';
import { dataFor } from '../pages/localVisitor.js';
import { dataBlock } from '../pages/pageData.js';
import type { PageData } from '../pages/pageData.js';
import type { Explorer } from './explorer.js';
import type { ExplorerManifest } from './bundle.js';

/** Allows only files from this server. The editor needs inline styles, and images and fonts in data URLs. None of these loads from another host. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves the GraphiQL page at GET /explorer, and its files under /explorer/assets. */
export function serveExplorer(app: FastifyInstance, explorer: Explorer, data: PageData): void {
  app.get('/explorer', async (request, reply) => {
    const files = await explorer.files();
    if (files === undefined) {
      throw new AppError('SERVICE_UNAVAILABLE', 'The explorer is not built.', {
        hint: 'The operator runs: npm run build:explorer -w gateway.',
      });
    }
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
        'cache-control': 'no-store',
      })
      .send(page(files.manifest, dataFor(request, data)));
  });

  app.get<{ Params: { file: string } }>('/explorer/assets/:file', async (request, reply) => {
    const { file } = request.params;
    const files = await explorer.files();
    if (files === undefined || !files.manifest.files.includes(file)) {
      throw new AppError('NOT_FOUND', `The explorer has no file ${file}.`, {
        hint: 'Load /explorer again: its files have new names after a change.',
      });
    }
    const isGzipped = request.headers['accept-encoding']?.includes('gzip') === true;
    if (isGzipped) void reply.header('content-encoding', 'gzip');
    // A worker uses the policy of its own response, not the page's (Content Security Policy level 3, section 4.2). Every file therefore carries one.
    const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'";
    return reply
      .headers({
        'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
      .send(createReadStream(new URL(isGzipped ? `${file}.gz` : file, files.folder)));
  });
}

function page(manifest: ExplorerManifest, data: PageData): string {
  const asset = (file: string) => `/explorer/assets/${file}`;
  const workers = Object.fromEntries(Object.entries(manifest.workers).map(([name, file]) => [name, asset(file)]));
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Bailiwick explorer</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="${asset(manifest.style)}">
  </head>
  <body>
    <header class="bar">
      <strong>Bailiwick</strong>
      <span id="person-place"></span>
      <a id="sandbox-link" href="/">Apollo Sandbox</a>
    </header>
    <div id="explorer">Loading the explorer…</div>
    <noscript>The explorer needs JavaScript. Without it, send operations to POST /graphql.</noscript>
    ${dataBlock('explorer-data', { ...data, workers })}
    <script type="module" src="${asset(manifest.script)}"></script>
  </body>
</html>
`;
}
