import type { Dispatcher } from 'undici';

/** A response when all of it has come. */
export interface WholeResponse {
  readonly statusCode: number;
  readonly text: string;
}

/**
 * Sends a request and waits for the whole response. Undici's own `request` hands a body over as a stream, for those who begin to read before
 * its end.
 * @param signal gives it up at once, whatever has come so far.
 * @throws what undici found wrong, or the signal's reason.
 */
export function wholeResponse(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal?: AbortSignal,
): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    const chunks: Buffer[] = [];
    const giveUp = (): void => {
      controller?.abort(signal?.reason as Error);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', giveUp);
    dispatcher.dispatch(options, {
      // It may have waited for a connection.
      onRequestStart(started) {
        controller = started;
        if (signal?.aborted) giveUp();
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        signal?.removeEventListener('abort', giveUp);
        const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
        resolve({ statusCode: status, text: bytes.toString() });
      },
      onResponseError(_controller, error) {
        signal?.removeEventListener('abort', giveUp);
        reject(error);
      },
    });
  });
}
