// A sync that needs approval, on the real streams of this process and a world in memory; writes the file that it is given
// when an object was deleted.
import { writeFileSync } from 'node:fs'
import { main } from '../main.ts'
import { finish, processIo } from '../process.ts'
import { MemorySession } from './session.ts'
import { configMap, put, shopWorld } from './world.ts'

const file = process.argv[2]
if (file === undefined) throw new TypeError('name the file to write')
process.stdout.write(`pid ${process.pid}\n`)
const world = shopWorld()
put(world, configMap('legacy', { OLD: '1' }), null)
const session = new MemorySession(world)
const code = await main(['app', 'sync', 'shop', '--prune'], { ...processIo(), openSession: async () => session })
if (!world.objects.has('/ConfigMap/shop/legacy')) writeFileSync(file, 'deleted\n')
finish(code)
