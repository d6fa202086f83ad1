import type { Browser } from 'puppeteer-core';
import type { Trait } from './fault.ts';
import { startInChromium } from './start-in-chromium.ts';
import { startInNode } from './start-in-node.ts';
import type { Start } from './start.ts';

/** A column of the table. */
export interface ClientUnderTest {
  readonly name: string;
  /** Features that the client lacks. It takes no part in faults about them. */
  readonly lacks: readonly Trait[];
  readonly start: Start;
}

/** The clients that are compared. */
export function createClients(browser: Browser): readonly ClientUnderTest[] {
  return [
    { name: 'heddle', lacks: [], start: startInNode('heddle') },
    { name: 'EventSource of Chromium', lacks: ['process'], start: startInChromium(browser) },
    { name: 'eventsource', lacks: [], start: startInNode('eventsource') },
    { name: 'fetch-event-source', lacks: [], start: startInNode('fetch-event-source') },
    { name: 'launchdarkly-eventsource', lacks: [], start: startInNode('launchdarkly-eventsource') },
    { name: 'AI SDK transport', lacks: ['ids', 'retry', 'process'], start: startInNode('ai-transport') },
  ];
}
