export { createGuide } from './create-guide.ts';
export type { GuideOptions } from './create-guide.ts';
export type { Doc } from './split-sections.ts';
