/** One dispatched server-sent event, with the three values a browser's `MessageEvent` has (HTML, section 9.2.6). */
export interface Frame {
  /** The event's name; `message` where the stream gives none. */
  readonly event: string;
  /** The data lines, joined by line feeds; may be empty. */
  readonly data: string;
  /** The stream's last event ID when this event came; stays from event to event, and is empty where none was set. */
  readonly id: string;
}
