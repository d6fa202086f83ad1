/**
 * One dispatched server-sent event. It has the three values of a browser's `MessageEvent` (HTML, section
 * 9.2.6).
 */
export interface Frame {
  /** The event's name; `message` if the stream sets none. */
  readonly event: string;
  /** The data lines, joined by line feeds. May be empty. */
  readonly data: string;
  /** The stream's last event ID at this event. It stays from event to event, and is empty if none was set. */
  readonly id: string;
}
