import { memo, startTransition, useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { readFormula } from './read-formula.ts';
import type { toMath as ToMathFunction } from './to-math.ts';

type ToMath = typeof ToMathFunction;

/** Kept, so that later formulas are formulas at once. */
let loaded: ToMath | undefined;

/** Renders a formula; until it can be shown, or if it cannot be read, what is given otherwise. */
export const FormulaView = memo(
  function FormulaView({
    source,
    otherwise,
  }: {
    /** The formula as it was written, with its marks. */
    readonly source: string;
    readonly otherwise: ReactElement;
  }): ReactElement {
    const toMath = useMath();
    const math = useMemo(() => {
      const formula = readFormula(source);
      return formula && toMath?.(formula);
    }, [toMath, source]);
    return math ?? otherwise;
  },
  (one, other) => one.source === other.source,
);

function useMath(): ToMath | undefined {
  const [toMath, setToMath] = useState(() => loaded);
  useEffect(() => {
    if (toMath !== undefined) return;
    let isLeft = false;
    import('./to-math.ts').then(
      (found) => {
        loaded = found.toMath;
        // React renders the formulas of a long conversation one by one, and does what is urgent between them.
        if (!isLeft) startTransition(() => setToMath(() => found.toMath));
      },
      // Offline. The formula stays as it was written.
      () => undefined,
    );
    return () => {
      isLeft = true;
    };
  }, [toMath]);
  return toMath;
}
