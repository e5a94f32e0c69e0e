import { Client, type ClientConfig } from "pg";

/**
 * A PostgreSQL client that ignores "error" events. A query over a lost connection rejects, but pg also emits "error" on
 * the client. While a pool has lent it out there may be no listener (BullMQ's transactions add none), and Node would end
 * the process. Pass it to a pool as its `Client`.
 */
export class QuietClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on("error", () => {});
  }
}
