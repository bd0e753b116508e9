// Which texts of a tree are secret: what a tool may repeat of them when it complains is taken out again.
import { Buffer } from 'node:buffer'
import type { FileContent } from '../source/source.ts'

/** Keys whose values say what an object is; without them nobody could find the place. */
const PLAIN = /^(?:apiVersion|kind|name|namespace|type)$/
const SECRET = /kind["']?\s*:\s*["']?(?:Secret|SealedSecret|List)\b|secretGenerator|stringData/
const MAX_BYTES = 1024 * 1024

/**
 * Values that must not be repeated: every value in a file that speaks of Secrets, and every line of files whose content
 * becomes one. Reads line by line, because a file that a tool complains of need not be YAML. Rather too much than too
 * little: this is only used to take words out of an error.
 */
export function secretsIn(files: readonly FileContent[], secretFiles: readonly string[]): readonly string[] {
  const secrets = new Set<string>()
  for (const { path, bytes } of files) {
    if (bytes.length > MAX_BYTES) continue
    const text = Buffer.from(bytes).toString('utf8')
    if (secretFiles.includes(path)) for (const line of text.split('\n')) addLine(line, secrets)
    else if (SECRET.test(text)) for (const line of text.split('\n')) addValue(line, secrets)
  }
  return [...secrets]
}

/** A line of an env file or of any other file that is a Secret as a whole. */
function addLine(line: string, secrets: Set<string>): void {
  add(line, secrets)
  const equals = line.indexOf('=')
  if (equals >= 0) add(line.slice(equals + 1), secrets)
}

function addValue(line: string, secrets: Set<string>): void {
  const match = /^[\s-]*(?:["']?([^"':\s]+)["']?\s*:\s+)?(.*)$/.exec(line)
  const [, key = '', value = ''] = match ?? []
  if (PLAIN.test(key)) return
  add(value, secrets)
  const equals = value.indexOf('=')
  if (equals >= 0) add(value.slice(equals + 1), secrets)
}

function add(text: string, secrets: Set<string>): void {
  const value = text.trim().replace(/^["']|["'],?$/g, '')
  if (value === '') return
  secrets.add(value)
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(value)) return
  // A tool that decodes data would complain of what is in it.
  const decoded = Buffer.from(value, 'base64').toString('utf8').trim()
  if (decoded !== '' && !decoded.includes('\uFFFD')) secrets.add(decoded)
}
