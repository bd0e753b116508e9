// The SQLite record store against the contract of record stores.

import { recordContract } from './contract.ts'
import { openRecords } from './open.ts'
import { recordFolder } from './testing/folder.ts'
import { standingClock } from './testing/values.ts'

recordContract('SQLite', async () => {
  const { folder, remove } = await recordFolder()
  return { open: () => openRecords({ folder, clock: standingClock() }), remove }
})
