/** Where a scroller is, in CSS pixels. */
export interface Place {
  readonly top: number;
  /** The furthest down it can be. Browsers tell it rounded. */
  readonly end: number;
}

/** Whether the page takes its reader along, and where the scroller was when it was last looked at, or put. */
export interface ScrollState {
  readonly follows: boolean;
  readonly top: number;
}

/** From how near the end it is taken for reached: while one scrolls down to it, it moves on. */
const near = 48;

/**
 * Reads out of a scroll event what the reader wants. The direction tells, not the distance: up, however little, is to stay; down to the
 * end is to be taken along. A page at its end that is moved up because what it shows became shorter is at its end still.
 */
export function readScroll({ follows, top }: ScrollState, place: Place): ScrollState {
  const isAtEnd = place.end - place.top < 1;
  if (isAtEnd) return { follows: follows || place.top > top, top: place.top };
  if (top - place.top >= 1) return { follows: false, top: place.top };
  if (follows) return { follows, top: Math.max(top, place.top) };
  return { follows: place.top > top && isNearEnd(place), top: place.top };
}

/** Reads it out of a wheel or a key, before the scroller has moved at all: put back meanwhile, it never would. */
export function readTurn(following: ScrollState, place: Place, direction: 'up' | 'down'): ScrollState {
  if (direction === 'up') return place.top > 0 ? { ...following, follows: false } : following;
  return isNearEnd(place) ? { ...following, follows: true } : following;
}

/** Whether the end is so near that it need not be offered. */
export function isNearEnd({ top, end }: Place): boolean {
  return end - top < near;
}

/** What a key does to a scroller that has it. */
export function directionOf(key: string, shiftKey: boolean): 'up' | 'down' | undefined {
  if (key === ' ') return shiftKey ? 'up' : 'down';
  if (key === 'ArrowUp' || key === 'PageUp' || key === 'Home') return 'up';
  return key === 'ArrowDown' || key === 'PageDown' || key === 'End' ? 'down' : undefined;
}
