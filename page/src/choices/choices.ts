import { createChoice } from './choice.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The choices of the user about the page itself. */
export const choices = {
  theme: createChoice<Theme>('theme', themes),
  sidebar: createChoice<'shown' | 'hidden'>('sidebar', ['shown', 'hidden']),
  shortcuts: createChoice<'on' | 'off'>('shortcuts', ['on', 'off']),
};
