import type { ReactElement } from 'react';

// Stroked paths on a 20 × 20 grid. The page loads no icon font and no sprite.
const paths = {
  send: 'M10 16V4.5M5 9.3 10 4.3l5 5',
  plus: 'M10 4v12M4 10h12',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5',
  menu: 'M3.5 6h13M3.5 10h13M3.5 14h13',
  close: 'M5 5l10 10M15 5 5 15',
  down: 'M10 4v12M5 11l5 5 5-5',
  chevron: 'M7.5 5l5 5-5 5',
  check: 'M4.5 10.5 8.5 14.5l7-9',
  alert: 'M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M10 6.8v3.7M10 13.2v.1',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  stop: 'M6 6h8v8H6z',
  dash: 'M5.5 10h9',
  pause: 'M7.5 5.5v9M12.5 5.5v9',
  pencil: 'M4 16l.8-3.4 8.5-8.5 2.6 2.6-8.5 8.5zM11.5 5.9l2.6 2.6',
  leave: 'M12 6V4.5H4.5v11H12V14M8.5 10h8M13.5 7l3 3-3 3',
  again: 'M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3.2h-3.2',
  sidebar: 'M3.5 4.5h13v11h-13zM8 4.5v11',
  system: 'M3.5 4.5h13v8.5h-13zM7.5 16h5M10 13v3',
  light:
    'M10 7a3 3 0 1 0 0 6a3 3 0 1 0 0-6M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4',
  dark: 'M16 12.2A6.5 6.5 0 0 1 7.8 4a6.5 6.5 0 1 0 8.2 8.2z',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.7h7',
  download: 'M10 3.5v9M6 9l4 4 4-4M4 16.5h12',
} as const;

export type IconName = keyof typeof paths;

/** Renders a decorative icon beside text, or inside a labelled button. Screen readers skip it. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
