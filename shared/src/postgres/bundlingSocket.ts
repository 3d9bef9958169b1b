import { Socket } from 'node:net';

/**
 * A socket that sends what is written within one tick as one packet: BEGIN, the person, and the statements of all loaders of a level. The driver writes
 * each by itself, and a system call for each was a tenth of the processor time of a page of cases.
 */
export class BundlingSocket extends Socket {
  #isBundling = false;

  override write(...args: unknown[]): boolean {
    if (!this.#isBundling) {
      this.#isBundling = true;
      this.cork();
      process.nextTick(() => {
        this.#isBundling = false;
        this.uncork();
      });
    }
    return super.write(...(args as Parameters<Socket['write']>));
  }
}
