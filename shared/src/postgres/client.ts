import pg from 'pg';
import type { ClientConfig } from 'pg';
import { BundlingSocket } from './bundlingSocket.js';

/** The driver's client over a socket of ours, so that a connection can be cut off while a statement runs on it. */
export class Client extends pg.Client {
  readonly #socket: BundlingSocket;

  constructor(config: ClientConfig) {
    const socket = new BundlingSocket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
  }

  /** Closes the socket at once. What runs on the connection fails here; the server ends it when it sees that nobody listens. */
  cut(): void {
    this.#socket.destroy();
  }
}
