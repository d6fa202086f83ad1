/** A Redis client, as much of it as a store needs; `fromNodeRedis` and `fromIoredis` make it of theirs. */
export interface RedisClient {
  /** Whether its commands go to several servers, so that none can be waited for after another. */
  readonly isCluster: boolean;
  /** Begins to connect, one connection for commands and one that listens; goes on trying until it is closed. */
  open(events: ConnectionEvents): RedisConnection;
}

/** What a client tells about its connections. */
export interface ConnectionEvents {
  /** Either connection is there, at first or again. What was said meanwhile was not heard. */
  onReady(): void;
  onMessage(channel: string, message: string): void;
  onError(error: unknown): void;
}

/** Both connections of one store. A command that was sent is never sent again by the client: what became of it is then unknown. */
export interface RedisConnection {
  /** Whether a command can be sent now. */
  readonly isReady: boolean;
  /** Sends a command; those of one turn of the event loop in one write. Rejects with what the server refused, or where the connection is lost. */
  send(command: readonly string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Makes the connection for commands anew: it leads to a server that is not the master any more. */
  reset(): void;
  close(): void;
}

export interface ConnectOptions {
  /** A connection that says nothing for so long although it is asked is dead, and made anew, in milliseconds. @default 5_000 */
  readonly silenceMs?: number;
}
