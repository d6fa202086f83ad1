import { Component } from 'react';
import type { ReactNode } from 'react';

export interface BoundaryProps {
  readonly children: ReactNode;
  /** What stands in place of what failed; `retry` shows that again. */
  readonly renderFailed: (retry: () => void) => ReactNode;
}

/** Two failures this close together are one that comes back each time. */
const closeMs = 5_000;

/**
 * Keeps a failure to the place where it happens. Most are not of the page's making: a translator or an extension changes the page
 * under React, which finds it otherwise than it left it. So what fails is built anew at once, and only what fails right
 * again gives way to something else.
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
