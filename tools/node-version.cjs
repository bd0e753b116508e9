// Loaded before every script of the repository: an old Node cannot even read the rest, and would not say why.

const major = Number.parseInt(process.versions.node, 10)
if (major < 24) {
  process.stderr.write(
    `Node 24 or newer is needed, this is ${process.version}. Run npm ci, which brings Node along, then use npm run.\n`,
  )
  process.exit(2)
}
