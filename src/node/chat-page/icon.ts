import { contrastOf } from './accent.ts';

/**
 * Returns the icon of a page without a logo, as SVG: a speech bubble on the accent colour, with round
 * corners, or as a full square whose edge may be cut off ("maskable").
 */
export function toIcon(colour: string, form: 'round' | 'maskable'): string {
  const ink = contrastOf(colour, '#ffffff') >= 3 ? '#ffffff' : '#0c1110';
  const [corner, scale] = form === 'round' ? [' rx="8"', 1] : ['', 0.8];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="512" height="512">
  <rect width="32" height="32"${corner} fill="${colour}" />
  <g transform="translate(16 16) scale(${scale}) translate(-16 -16)" fill="none" stroke="${ink}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <path d="M9 8.5h14a2.5 2.5 0 0 1 2.5 2.5v7.5A2.5 2.5 0 0 1 23 21h-8l-4.5 4v-4H9a2.5 2.5 0 0 1-2.5-2.5V11A2.5 2.5 0 0 1 9 8.5z" />
    <path d="M11.5 14.8h.01M16 14.8h.01M20.5 14.8h.01" stroke-width="2.6" />
  </g>
</svg>
`;
}
