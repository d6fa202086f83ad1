import { Component, createRef } from 'react';
import type { ReactElement, ReactNode, RefObject } from 'react';

export interface KeepPlaceProps {
  /** Names the first of the children. Another name means that others came before it. */
  readonly first: string | undefined;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** An element under the reader's eye, and where it was. */
interface Place {
  readonly element: Element;
  readonly top: number;
}

/** How long a screen reader takes to look at what was added, in milliseconds. */
const quietMs = 1_000;

/**
 * Keeps what is being read in its place when children are put before the first one. Browsers with scroll
 * anchoring do so too, except at the very top. After one of the two has scrolled, the other finds nothing
 * to do. Screen readers do not read out what is put there: the reader has not asked for all of it.
 */
export class KeepPlace extends Component<KeepPlaceProps> {
  private readonly list = createRef<HTMLDivElement>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  override getSnapshotBeforeUpdate(before: KeepPlaceProps): Place | null {
    const { first, scroller } = this.props;
    if (before.first === first || scroller.current === null || this.list.current === null) return null;
    this.hush(scroller.current);
    const edge = scroller.current.getBoundingClientRect().top;
    for (const element of this.list.current.children) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > edge) return { element, top };
    }
    return null;
  }

  override componentDidUpdate(_: KeepPlaceProps, __: unknown, place: Place | null): void {
    const { current: scroller } = this.props.scroller;
    if (place === null || scroller === null || !place.element.isConnected) return;
    scroller.scrollTop += place.element.getBoundingClientRect().top - place.top;
  }

  override componentWillUnmount(): void {
    clearTimeout(this.timer);
  }

  private hush(scroller: HTMLElement): void {
    clearTimeout(this.timer);
    scroller.ariaLive = 'off';
    this.timer = setTimeout(() => (scroller.ariaLive = null), quietMs);
  }

  override render(): ReactElement {
    return (
      <div className="messages" ref={this.list}>
        {this.props.children}
      </div>
    );
  }
}
