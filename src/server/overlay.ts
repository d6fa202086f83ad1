/**
 * Returns `target` with some members replaced. All its other members stay, also those that a later version
 * adds to its type. They are read from `target` when they are used: a spread would read getters at once, and
 * lose the members that a class has on its prototype. Methods run with `target` as `this`.
 */
export function overlay<Target extends object>(target: Target, members: Partial<Target>): Target {
  const known = new Map<PropertyKey, unknown>(Object.entries(members));
  // Over an empty object, because a proxy may not replace the members of a frozen target.
  const empty: Target = Object.create(null);
  return new Proxy(empty, {
    // A spread of the result has the members that a spread of `target` has.
    ownKeys: () => [...new Set([...Reflect.ownKeys(target), ...Reflect.ownKeys(members)])],
    getOwnPropertyDescriptor(_, name) {
      const own = Reflect.getOwnPropertyDescriptor(Object.hasOwn(members, name) ? members : target, name);
      // A proxy may not report a fixed property that its empty object does not have.
      return own && { ...own, configurable: true };
    },
    has: (_, name) => known.has(name) || name in target,
    get(_, name) {
      const found = known.get(name);
      if (found !== undefined || known.has(name)) return found;
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const bound: unknown = value.bind(target);
      known.set(name, bound);
      return bound;
    },
  });
}
