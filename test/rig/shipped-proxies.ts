import { apache } from './apache.ts';
import { caddy } from './caddy.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import type { ReverseProxy } from './proxy-process.ts';

/** The reverse proxies that `deploy/` has configurations for, with these configurations. */
export const shippedProxies: readonly ReverseProxy[] = [nginx, haproxy, caddy, apache];
