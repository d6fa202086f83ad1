import { Component } from 'react';
import type { ReactNode } from 'react';

export interface BoundaryProps {
  readonly children: ReactNode;
  /** Renders a replacement for the failed content. `retry` shows the content again. */
  readonly renderFailed: (retry: () => void) => ReactNode;
}

/** Two failures within this time count as one that repeats. */
const closeMs = 5_000;

/**
 * Contains a render failure. Most failures come from outside the page: a translator or an extension changes
 * the DOM that React manages. So the boundary renders the content again at once, and shows the replacement
 * only when it soon fails again.
 */
export class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state: { readonly failed: boolean } = { failed: false };
  private failedAt = -Infinity;

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    const now = performance.now();
    const isFirst = now - this.failedAt > closeMs;
    this.failedAt = now;
    if (isFirst) this.retry();
  }

  readonly retry = (): void => this.setState({ failed: false });

  override render(): ReactNode {
    return this.state.failed ? this.props.renderFailed(this.retry) : this.props.children;
  }
}
