import type { ErrorCode } from '@bailiwick/kernel/errors';
import type { GraphSettings } from './graph.js';

/** What the first process tells a worker. `number` is 1 for the first worker. */
export type ToWorker =
  { readonly kind: 'start'; readonly settings: GraphSettings; readonly number: number } | { readonly kind: 'stop' };

/** What a worker tells the first process. Without a `code` it is a fault that nobody foresaw. */
export type FromWorker =
  /** That it hears: what it is told before that is lost. */
  | { readonly kind: 'hears' }
  | { readonly kind: 'answers'; readonly url: string }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly hint: string | undefined;
      readonly stack: string | undefined;
    };
