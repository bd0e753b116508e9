// `mainstay repo`: how repositories are reached.
import type { GroupSpec } from '../../command.ts'
import { command as add } from './add.ts'
import { command as get } from './get.ts'
import { command as list } from './list.ts'
import { command as rm } from './rm.ts'

/** Its commands in the order of use. */
export const group: GroupSpec = {
  kind: 'group',
  name: 'repo',
  summary: 'Say how repositories are reached',
  commands: [add, list, get, rm],
}
