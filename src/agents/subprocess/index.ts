export { subprocess } from './subprocess.ts';
export type { SubprocessOptions } from './subprocess.ts';
