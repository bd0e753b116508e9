#!/usr/bin/env node
// Starts the command line on a Node.js that can run it: this one, else the one that is installed with the package.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript that Node.js 14 reads: it has to run where nothing else of this program can.
const NEEDED = [22, 19]

if (canRun(process.versions.node)) await start()
else handOver()

/** @param {string} version of Node.js, such as 24.1.0 */
function canRun(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

async function start() {
  quietExperiments()
  await keepCompiledCode()
  const [{ main }, { start: run }] = await Promise.all([import('../main.ts'), import('../process.ts')])
  await run(main)
}

/** Compiled code is kept in the user's cache folder: it halves the time to start. Without a folder it works as well. */
async function keepCompiledCode() {
  const caches = process.env.XDG_CACHE_HOME || (process.env.HOME && join(process.env.HOME, '.cache'))
  if (!caches) return
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(join(caches, 'mainstay', 'code'))
}

/** Node.js 22 warns that running TypeScript and SQLite are experimental: nothing the user could act on. */
function quietExperiments() {
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return
    for (const print of printers) print.call(process, warning)
  })
}

/** Runs the same words on the Node.js that the package brings along; its exit code and its signal become ours. */
function handOver() {
  // A bundled Node.js that is too old as well must not start itself again and again.
  const node = process.env.MAINSTAY_STARTED ? null : bundledNode(dirname(fileURLToPath(import.meta.url)))
  if (node === null) {
    process.stderr.write(
      `✗ mainstay needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}\n` +
        '  fix    install a newer Node.js, or run npm install in the folder of mainstay, which brings one along\n',
    )
    process.exit(2)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, MAINSTAY_STARTED: '1' },
  })
  // Ctrl-C reaches both of us from the terminal; what is sent to us alone is passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`✗ cannot start ${node}\n  why    ${error.message}\n`)
    process.exit(2)
  })
  child.on('exit', (code, signal) => process.exit(code === null ? 128 + (constants.signals[signal] || 0) : code))
}

/** `node_modules/node/bin/node` beside this package or above it; null where there is none. */
function bundledNode(from) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', name)
    if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) return null
  }
}
