export { acp } from './acp.ts';
export type { AcpOptions } from './acp.ts';
