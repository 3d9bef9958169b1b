import type { ExampleOperation } from './operations.js';

/** The token of a sample person. A gateway in production must have none. */
export interface SampleToken {
  /** The person's description, for example "System Admin: Ada Example". */
  label: string;
  token: string;
}

/** The data that the server writes into a page. */
export interface PageData {
  operations: readonly ExampleOperation[];
  sampleTokens: readonly SampleToken[];
  /** Whether there are sample tokens that this visitor is not shown. */
  tokensWithheld?: boolean;
}

/** Returns a data block for a page (HTML, section 4.12.1). Browsers don't run it. `<` is escaped, so that no text can close the element. */
export function dataBlock(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

/** Escapes text for an HTML document, including quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
