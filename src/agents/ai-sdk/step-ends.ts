import type { StepEndListener } from './ai-sdk-call.ts';

/** The finished contents of the steps, which the SDK gives to a callback. */
export interface StepEnds {
  readonly note: StepEndListener;
  /** Resolves when the content of a step is there. */
  noted(): Promise<void>;
  /** Takes the content of the next step, if it is there. */
  take(): readonly unknown[] | undefined;
}

export function createStepEnds(): StepEnds {
  const contents: (readonly unknown[])[] = [];
  let wake = (): void => {};
  return {
    note({ content }) {
      contents.push(content);
      wake();
    },
    noted: () =>
      contents.length > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
    take: () => contents.shift(),
  };
}
