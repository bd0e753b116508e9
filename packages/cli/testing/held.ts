// A sync whose first step does not end before somebody presses Ctrl-C, on the real streams of this process. With the word
// `forever` it does not end then either.
import { main } from '../main.ts'
import { finish, processIo } from '../process.ts'
import { MemorySession } from './session.ts'
import { shopWorld } from './world.ts'

const world = shopWorld()
world.beforeStep = () =>
  new Promise((resolve) => {
    const alive = setInterval(() => {}, 1000)
    process.once('SIGINT', () => {
      if (process.argv[2] === 'forever') return
      clearInterval(alive)
      resolve()
    })
  })
const session = new MemorySession(world)
finish(await main(['app', 'sync', 'shop'], { ...processIo(), openSession: async () => session }))
