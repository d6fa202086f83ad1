import { NoAnswerError } from './doctor-request.ts';

/** Returns why a request had no answer, in a few words. */
export function toAnswerFailure(error: unknown): string {
  if (error instanceof NoAnswerError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was reset';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  return error instanceof Error ? error.message : String(error);
}
