import { Socket } from 'node:net';

/**
 * A socket that sends what is written within one tick as one packet: BEGIN, the person, and the statements of all loaders of a level. The driver writes
 * each by itself, and a system call for each is a fifth of the processor time of a small operation.
 */
export class BundlingSocket extends Socket {
  #isBundling = false;

  override connect(...args: unknown[]): this {
    super.connect(...(args as unknown as Parameters<Socket['connect']>));
    // Node's connect sets Socket's own `write` on the object, over that of this class.
    Reflect.deleteProperty(this, 'write');
    return this;
  }

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
