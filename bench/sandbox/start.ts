// Measures the start of a sandbox in a process of its own, with nothing loaded beside it. Prints one line of JSON.
const began = performance.now()
// Only now, or the clock would begin when everything is there already.
const { openSandbox } = await import('@mainstay/sandbox/sandbox.ts')
const loaded = performance.now()
const sandbox = openSandbox({ clock: { now: () => Date.now(), after: () => () => {} }, seed: 'bench' })
const opened = performance.now()
const response = await sandbox.fetch(new Request('https://sandbox.example/api/v1/namespaces'))
const text = await response.text()
const answered = performance.now()
if (!response.ok) throw new Error(`the first request: ${response.status} ${text.slice(0, 300)}`)
console.log(JSON.stringify({ loadMs: loaded - began, openMs: opened - loaded, answerMs: answered - opened }))
