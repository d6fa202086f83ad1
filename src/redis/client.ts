/** A Redis client, reduced to what a store needs. `fromNodeRedis` and `fromIoredis` create one. */
export interface RedisClient {
  /**
   * Whether commands go to several servers. The store then cannot use `WAIT`, because it may reach another
   * server than the write did.
   */
  readonly isCluster: boolean;
  /** Opens two connections, one for commands and one for subscriptions. Retries until `close` is called. */
  open(events: ConnectionEvents): RedisConnection;
}

/** The events of a client's connections. */
export interface ConnectionEvents {
  /**
   * One of the two connections is ready, for the first time or again. Messages that were published while it
   * was away are lost.
   */
  onReady(): void;
  onMessage(channel: string, message: string): void;
  onError(error: unknown): void;
}

/**
 * Both connections of one store. The client never sends a command twice: if a connection is lost, the outcome
 * of a command in flight is unknown.
 */
export interface RedisConnection {
  /** Whether a command can be sent now. */
  readonly isReady: boolean;
  /**
   * Sends a command. The commands of one turn of the event loop go out in one write. Rejects with the
   * server's error reply, or if the connection is lost.
   */
  send(command: readonly string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Reconnects the command connection, because its server is no longer the master. */
  reset(): void;
  close(): void;
}

export interface ConnectOptions {
  /**
   * How long a connection may send nothing while a reply is due, in milliseconds. After that it counts as
   * dead and is made anew.
   * @default 5_000
   */
  readonly silenceMs?: number;
}
