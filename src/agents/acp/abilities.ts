import { fieldsOf } from '../kit/index.ts';

/** The abilities that an agent declares. */
export interface AcpAbilities {
  /** The method that opens an earlier session, if there is one. */
  readonly reopen?: 'session/resume' | 'session/load';
  readonly canClose: boolean;
  readonly takesImages: boolean;
  /** Whether a prompt may hold files. */
  readonly takesFiles: boolean;
}

/** Reads the capabilities in the result of `initialize`. */
export function toAbilities(result: unknown): AcpAbilities {
  const capabilities = fieldsOf(fieldsOf(result)['agentCapabilities']);
  const { image, embeddedContext } = fieldsOf(capabilities['promptCapabilities']);
  const { resume, close } = fieldsOf(capabilities['sessionCapabilities']);
  const canLoad = capabilities['loadSession'] === true;
  return {
    // A resume is cheaper: a load tells the whole conversation again.
    ...(resume != null ? { reopen: 'session/resume' } : canLoad && { reopen: 'session/load' }),
    canClose: close != null,
    takesImages: image === true,
    takesFiles: embeddedContext === true,
  };
}
