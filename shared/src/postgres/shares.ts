import { AppError } from '../errors/AppError.js';

/** A request that waits until the person's earlier ones give a connection back. */
interface Waiting {
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
}

interface Share {
  taken: number;
  readonly waiting: Waiting[];
}

/** Limits the connections that one person holds at the same time. Further requests of that person wait, in their order; nobody else waits for them. */
export class Shares {
  readonly #limit: number;
  readonly #longestWait: number;
  readonly #shares = new Map<string, Share>();

  /** `longestWait` is in milliseconds. */
  constructor(limit: number, longestWait: number) {
    this.#limit = limit;
    this.#longestWait = longestWait;
  }

  /** Waits for a place in the person's share. Throws TOO_MANY_REQUESTS after the longest wait. */
  async take(personId: string): Promise<void> {
    let share = this.#shares.get(personId);
    if (share === undefined) this.#shares.set(personId, (share = { taken: 0, waiting: [] }));
    if (share.taken < this.#limit) {
      share.taken += 1;
      return;
    }
    await this.#wait(share);
  }

  /** Gives a place back. */
  give(personId: string): void {
    const share = this.#shares.get(personId)!;
    const next = share.waiting.shift();
    if (next !== undefined) {
      clearTimeout(next.timer);
      next.begin();
      return;
    }
    share.taken -= 1;
    if (share.taken === 0) this.#shares.delete(personId);
  }

  async #wait({ waiting }: Share): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(
          new AppError('TOO_MANY_REQUESTS', `You have ${this.#limit} requests under way, and more wait for them.`, {
            hint: 'Wait for their answers. Look whether a mutation was carried out before you send it again, or give it an idempotency key.',
          }),
        );
      }, this.#longestWait);
      const entry: Waiting = { begin: resolve, timer };
      waiting.push(entry);
    });
  }
}
