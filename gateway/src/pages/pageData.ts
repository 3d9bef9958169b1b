import type { ExampleOperation } from './operations.js';

/** A ready token of a sample person, for the pages of a gateway that is not in production. */
export interface SampleToken {
  /** Whom it is for, for example "System Admin: Ada Example". */
  label: string;
  token: string;
}

/** What a page is given beside its files. */
export interface PageData {
  operations: readonly ExampleOperation[];
  sampleTokens: readonly SampleToken[];
}

/** A data block for a page (HTML, section 4.12.1): never run as a script, and not able to end its own element. */
export function dataBlock(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

/** Text for an HTML document, also within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
