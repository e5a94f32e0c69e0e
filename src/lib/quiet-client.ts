import { Client, type ClientConfig } from "pg";

/**
 * A connection to Postgres whose loss ends no process. Whoever queries over a lost connection is told by the query; but
 * pg also emits "error" on the client, and while a pool has lent it out nobody may be listening (BullMQ's transactions
 * do not), which Node answers by ending the process. Give it to a pool as its `Client`.
 */
export class QuietClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on("error", () => {});
  }
}
