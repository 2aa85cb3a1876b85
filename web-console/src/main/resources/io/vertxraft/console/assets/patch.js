// The stream's patches: JSON merge patches, and `$byId` for arrays of members, followers or stages.

const idOf = (element) => element.nodeId ?? element.stage;

/** A copy of `old` with the patch's changes; parts that do not change are shared. */
export function patched(old, patch) {
  if (Array.isArray(old) && patch?.$byId) {
    return old.map((element) => (Object.hasOwn(patch.$byId, idOf(element))
      ? patched(element, patch.$byId[idOf(element)]) : element));
  }
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    return patch;
  }
  const isObject = old && typeof old === 'object' && !Array.isArray(old);
  const result = isObject ? { ...old } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else {
      // A key such as __proto__ becomes an ordinary field.
      Object.defineProperty(result, key, {
        value: patched(Object.hasOwn(result, key) ? result[key] : undefined, value),
        writable: true, enumerable: true, configurable: true });
    }
  }
  return result;
}
