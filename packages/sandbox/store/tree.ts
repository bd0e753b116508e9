// A persistent sorted map: a write copies the path to its leaf and shares the rest, so every older root stays valid.

/** A map from text to values in order of the keys (by UTF-16 code unit). */
export interface Tree<V> {
  readonly root: Node<V> | null
  readonly size: number
}

type Node<V> = Leaf<V> | Branch<V>

interface Leaf<V> {
  readonly keys: readonly string[]
  readonly values: readonly V[]
  readonly children: null
}

interface Branch<V> {
  /** The smallest key below each child. */
  readonly keys: readonly string[]
  readonly children: readonly Node<V>[]
  /** How many entries are below each child, all together. */
  readonly size: number
}

/** Most entries of a node; a fuller one is split in two. */
const WIDTH = 32

const EMPTY: Tree<never> = { root: null, size: 0 }

/** The map without entries. */
export function emptyTree<V>(): Tree<V> {
  return EMPTY
}

/** The value of a key, or null. */
export function getFrom<V>(tree: Tree<V>, key: string): V | null {
  let node = tree.root
  if (node === null) return null
  while (node.children !== null) {
    const child: Node<V> | undefined = node.children[childAt(node.keys, key)]
    if (child === undefined) return null
    node = child
  }
  const at = firstAtOrAfter(node.keys, key)
  return node.keys[at] === key ? (node.values[at] ?? null) : null
}

/** The map with a key set. */
export function putInto<V>(tree: Tree<V>, key: string, value: V): Tree<V> {
  if (tree.root === null) return { root: { keys: [key], values: [value], children: null }, size: 1 }
  const parts = put(tree.root, key, value)
  const root = parts.length === 1 ? parts[0] : branch(parts)
  return root === undefined ? tree : { root, size: sizeOf(root) }
}

/** The map without a key. */
export function removeFrom<V>(tree: Tree<V>, key: string): Tree<V> {
  if (tree.root === null) return tree
  let root = remove(tree.root, key)
  while (root !== null && root.children !== null && root.children.length === 1) root = root.children[0] ?? null
  return root === null ? emptyTree() : { root, size: sizeOf(root) }
}

/** Entries from the first key that is not smaller than `from` on. */
export function* entriesFrom<V>(tree: Tree<V>, from = ''): Generator<readonly [string, V]> {
  if (tree.root !== null) yield* walk(tree.root, from)
}

/** How many keys begin with the prefix. */
export function countPrefix<V>(tree: Tree<V>, prefix: string): number {
  if (prefix === '') return tree.size
  return rank(tree, after(prefix)) - rank(tree, prefix)
}

/** How many keys are smaller. */
export function rank<V>(tree: Tree<V>, key: string): number {
  let node = tree.root
  let before = 0
  while (node !== null) {
    if (node.children === null) return before + firstAtOrAfter(node.keys, key)
    const at = childAt(node.keys, key)
    for (let index = 0; index < at; index++) before += sizeOf(node.children[index])
    node = node.children[at] ?? null
  }
  return before
}

/** The first text that is greater than every text with the prefix. */
export function after(prefix: string): string {
  return `${prefix}\uffff`
}

function sizeOf<V>(node: Node<V> | undefined): number {
  if (node === undefined) return 0
  return node.children === null ? node.keys.length : node.size
}

function branch<V>(children: readonly Node<V>[]): Branch<V> {
  let size = 0
  for (const child of children) size += sizeOf(child)
  return { keys: children.map((child) => child.keys[0] ?? ''), children, size }
}

/** The branch with another child; its keys are shared where the child begins as the one before did. */
function withChild<V>(node: Branch<V>, at: number, child: Node<V>): Branch<V> {
  const first = child.keys[0] ?? ''
  const keys = node.keys[at] === first ? node.keys : node.keys.with(at, first)
  const size = node.size - sizeOf(node.children[at]) + sizeOf(child)
  return { keys, children: node.children.with(at, child), size }
}

function put<V>(node: Node<V>, key: string, value: V): readonly Node<V>[] {
  if (node.children === null) {
    const at = firstAtOrAfter(node.keys, key)
    if (node.keys[at] === key) return [{ keys: node.keys, values: node.values.with(at, value), children: null }]
    const keys = node.keys.toSpliced(at, 0, key)
    const values = node.values.toSpliced(at, 0, value)
    if (keys.length <= WIDTH) return [{ keys, values, children: null }]
    // Keys mostly come in order; then the left half stays nearly full.
    const cut = at === keys.length - 1 ? WIDTH : WIDTH / 2
    return [
      { keys: keys.slice(0, cut), values: values.slice(0, cut), children: null },
      { keys: keys.slice(cut), values: values.slice(cut), children: null },
    ]
  }
  const at = childAt(node.keys, key)
  const child = node.children[at]
  if (child === undefined) return [node]
  const parts = put(child, key, value)
  const [only] = parts
  if (only !== undefined && parts.length === 1) return [withChild(node, at, only)]
  const children = node.children.toSpliced(at, 1, ...parts)
  if (children.length <= WIDTH) return [branch(children)]
  const cut = at >= WIDTH - 1 ? WIDTH : WIDTH / 2
  return [branch(children.slice(0, cut)), branch(children.slice(cut))]
}

/** Nodes are not merged when they empty: what is deleted is mostly deleted whole. */
function remove<V>(node: Node<V>, key: string): Node<V> | null {
  if (node.children === null) {
    const at = firstAtOrAfter(node.keys, key)
    if (node.keys[at] !== key) return node
    if (node.keys.length === 1) return null
    return { keys: node.keys.toSpliced(at, 1), values: node.values.toSpliced(at, 1), children: null }
  }
  const at = childAt(node.keys, key)
  const child = node.children[at]
  if (child === undefined) return node
  const left = remove(child, key)
  if (left === child) return node
  if (left !== null) return withChild(node, at, left)
  const children = node.children.toSpliced(at, 1)
  return children.length === 0 ? null : branch(children)
}

function* walk<V>(node: Node<V>, from: string): Generator<readonly [string, V]> {
  if (node.children === null) {
    for (let at = firstAtOrAfter(node.keys, from); at < node.keys.length; at++) {
      // Both arrays have one length.
      yield [node.keys[at] as string, node.values[at] as V]
    }
    return
  }
  const first = childAt(node.keys, from)
  for (let at = first; at < node.children.length; at++) {
    const child = node.children[at]
    if (child !== undefined) yield* walk(child, at === first ? from : '')
  }
}

/** The child in which a key is or would be. */
function childAt(keys: readonly string[], key: string): number {
  const at = firstAtOrAfter(keys, key)
  return keys[at] === key ? at : Math.max(0, at - 1)
}

function firstAtOrAfter(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
