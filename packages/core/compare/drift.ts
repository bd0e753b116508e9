// The difference between what should be, what is, and what we recorded: the input of every decision.
import type { DesiredObject } from '../desired/desired.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { Json } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import type { ObjectRef, RefKey } from '../object/ref.ts'

/** Who last wrote a field, from `metadata.managedFields`. */
export interface Author {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly subresource: string | null
  /** RFC 3339; null in entries without time. */
  readonly time: string | null
}

/** One field that an apply would change. Secret values are masked before they get here. */
export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image`: list items by their key, else by position. */
  readonly path: string
  readonly op: 'add' | 'set' | 'remove'
  /** The live value; null where there is none. */
  readonly from: Json
  /** The desired value; null where it goes away. */
  readonly to: Json
  /** Who put the live value there; null where the server does not tell. */
  readonly by: Author | null
  /** Another manager than ours changed what we had applied: its edit would be lost. */
  readonly handEdit: boolean
}

/** Why an object counts as ours, so that it may be deleted. */
export type Proof =
  | { readonly kind: 'inventory'; readonly uid: string; readonly commit: string; readonly origin: string }
  | { readonly kind: 'tracking'; readonly uid: string; readonly id: string }

/** Why an object that we do not want is nevertheless not ours to delete. */
export type NotOurs =
  | { readonly kind: 'recreated'; readonly recordedUid: string; readonly liveUid: string }
  | { readonly kind: 'owned-by-object'; readonly owner: string }
  | { readonly kind: 'foreign-mark'; readonly mark: string }
  | { readonly kind: 'copied-mark'; readonly mark: string }
  /** We meant to apply it, never recorded that we had, and it carries no mark of ours: somebody else made it. */
  | { readonly kind: 'unmarked' }

/** The server's refusal of a manifest, from a dry run: fields and words as it gave them, secrets removed. */
export interface Refusal {
  readonly reason: string
  readonly message: string
  readonly fields: readonly { readonly field: string; readonly message: string }[]
  /** Present where the server refuses the change and would take the same manifest as a new object. */
  readonly creatable?: true
}

/** What the API server's dry run of an apply said. */
export type DryRun =
  | { readonly kind: 'accepted'; readonly object: KubeObject; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** One object's difference. `unseen` can become neither a create nor a delete. */
export type Drift =
  | {
      readonly kind: 'missing'
      readonly ref: ObjectRef
      readonly desired: DesiredObject
      readonly recorded: InventoryEntry | null
      readonly refusal: Refusal | null
      readonly warnings: readonly string[]
    }
  | {
      readonly kind: 'same'
      readonly ref: ObjectRef
      readonly desired: DesiredObject
      readonly live: KubeObject
      readonly recorded: InventoryEntry | null
    }
  | {
      readonly kind: 'changed'
      readonly ref: ObjectRef
      readonly desired: DesiredObject
      readonly live: KubeObject
      readonly recorded: InventoryEntry | null
      readonly changes: readonly FieldChange[]
      readonly refusal: Refusal | null
      readonly warnings: readonly string[]
    }
  | {
      readonly kind: 'surplus'
      readonly ref: ObjectRef
      readonly live: KubeObject
      readonly recorded: InventoryEntry | null
      readonly proof: Proof
      /** Fields another manager owns: they would be lost with the object. */
      readonly handEdits: readonly { readonly path: string; readonly by: Author }[]
    }
  | {
      readonly kind: 'foreign'
      readonly ref: ObjectRef
      readonly live: KubeObject
      readonly recorded: InventoryEntry | null
      readonly why: NotOurs
    }
  | {
      readonly kind: 'unseen'
      readonly ref: ObjectRef
      readonly desired: DesiredObject | null
      readonly recorded: InventoryEntry | null
      readonly reason: string
    }

/** The result of one comparison, ordered by ref. */
export interface Comparison {
  readonly drifts: readonly Drift[]
  /** Recorded, not wanted, and seen gone: these entries may leave the inventory. */
  readonly gone: readonly InventoryEntry[]
  /** Objects whose local answer is not certain, or whose manifest the server has not judged: ask its dry run. */
  readonly uncertain: readonly RefKey[]
}
