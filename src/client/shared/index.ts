export { createTabs } from './tabs.ts';
export type { Tabs } from './tabs.ts';
export type { SharedOptions } from './follow-shared.ts';
