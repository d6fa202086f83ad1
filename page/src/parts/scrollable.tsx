import { useCallback, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** Renders content that scrolls when it does not fit. Only then the keyboard can focus it. */
export function Scrollable({
  as: Tag,
  children,
  ...rest
}: {
  readonly as: 'pre' | 'dd';
  readonly children: ReactNode;
  readonly dir: 'auto' | 'ltr';
  readonly lang?: string | undefined;
}): ReactElement {
  const [scrolls, setScrolls] = useState(false);
  const watch = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setScrolls(element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth),
    );
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <Tag ref={watch} className="scrollable" tabIndex={scrolls ? 0 : undefined} {...rest}>
      <span>{children}</span>
    </Tag>
  );
}
