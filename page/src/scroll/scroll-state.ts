/** The position of a scroller, in CSS pixels. */
export interface Place {
  readonly top: number;
  /** The lowest position. Browsers report it rounded. */
  readonly end: number;
}

/** Whether the scroller follows its end, and its position when it was last read or set. */
export interface ScrollState {
  readonly follows: boolean;
  readonly top: number;
}

/** Closer than this counts as the end, in CSS pixels, because the end moves while the user scrolls to it. */
const near = 48;

/**
 * Returns the state after a scroll event. The direction decides, not the distance: scrolling up at all stops
 * following, and scrolling down to the end starts it. A page that moved up because its content became shorter
 * is still at its end.
 */
export function readScroll({ follows, top }: ScrollState, place: Place): ScrollState {
  const isAtEnd = place.end - place.top < 1;
  if (isAtEnd) return { follows: follows || place.top > top, top: place.top };
  if (top - place.top >= 1) return { follows: false, top: place.top };
  if (follows) return { follows, top: Math.max(top, place.top) };
  return { follows: place.top > top && isNearEnd(place), top: place.top };
}

/**
 * Returns the state after a wheel or key event, before the scroller has moved. If the page were put back at
 * its end meanwhile, the scroller would never move.
 */
export function readTurn(following: ScrollState, place: Place, direction: 'up' | 'down'): ScrollState {
  if (direction === 'up') return place.top > 0 ? { ...following, follows: false } : following;
  return isNearEnd(place) ? { ...following, follows: true } : following;
}

/** Returns whether the end is so near that the page need not offer a jump. */
export function isNearEnd({ top, end }: Place): boolean {
  return end - top < near;
}

/** Returns the direction in which a key moves the focused scroller. */
export function directionOf(key: string, shiftKey: boolean): 'up' | 'down' | undefined {
  if (key === ' ') return shiftKey ? 'up' : 'down';
  if (key === 'ArrowUp' || key === 'PageUp' || key === 'Home') return 'up';
  return key === 'ArrowDown' || key === 'PageDown' || key === 'End' ? 'down' : undefined;
}
