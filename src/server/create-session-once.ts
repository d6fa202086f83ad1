import { RefusalError } from '../protocol/index.ts';
import type { Engine } from '../turns/index.ts';

/**
 * Creates a session as the engine does. Throws `too_late` if the session of this idempotency key was deleted,
 * because its id is never used again.
 */
export async function createSessionOnce(
  engine: Engine,
  ...asked: Parameters<Engine['create']>
): ReturnType<Engine['create']> {
  try {
    return await engine.create(...asked);
  } catch (error) {
    if (!(error instanceof RefusalError && error.code === 'not_found')) throw error;
    throw new RefusalError(
      'too_late',
      'The session that this idempotency key made was deleted; a new one needs a new key.',
    );
  }
}
