// Sets keys of plain objects so that no key, not even `__proto__`, can reach a prototype.
import type { Json } from '@mainstay/core/object/json.ts'

/** Sets an own property; the key `__proto__` is a key like any other. */
export function setKey(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else target[key] = value
}
