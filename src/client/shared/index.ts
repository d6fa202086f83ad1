export { createTabs } from './tabs.ts';
export type { SharedOptions, Tabs } from './tabs.ts';
