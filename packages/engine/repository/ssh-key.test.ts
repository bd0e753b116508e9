// Passphrases are taken off keys that ssh-keygen and openssl made; ssh-keygen reads what comes out.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { usableKey } from './ssh-key.ts'

const WHERE = 'Secret argocd/repo-shop'
const PHRASE = 'correct horse'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A key of ssh-keygen with its public half. */
function sshKey(...args: readonly string[]): { readonly key: string; readonly open: string } {
  const file = join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-f', file, '-N', PHRASE, '-C', 'test', '-a', '2', ...args])
  return { key: readFileSync(file, 'utf8'), open: words(readFileSync(`${file}.pub`, 'utf8')) }
}

/** The public half of a key without a passphrase, as OpenSSH finds it. */
function publicHalf(key: string): string {
  const file = join(folder, 'opened')
  writeFileSync(file, key)
  chmodSync(file, 0o600)
  return words(execFileSync('ssh-keygen', ['-y', '-P', '', '-f', file], { encoding: 'utf8' }))
}

/** Type and key, without the comment. */
function words(line: string): string {
  return line.trim().split(' ').slice(0, 2).join(' ')
}

function faultOf(privateKey: string, passphrase: string | null) {
  try {
    usableKey({ privateKey, passphrase }, WHERE)
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new TypeError('the key was to be refused')
}

describe('usableKey', () => {
  it.each([
    ['Ed25519', ['-t', 'ed25519']],
    ['ECDSA', ['-t', 'ecdsa', '-b', '384']],
    ['RSA', ['-t', 'rsa', '-b', '2048']],
    ['RSA in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['ECDSA in PKCS#8', ['-t', 'ecdsa', '-m', 'PKCS8']],
    ['Ed25519 with CBC', ['-t', 'ed25519', '-Z', 'aes256-cbc']],
  ])('opens a key of ssh-keygen: %s', (_, args) => {
    const { key, open } = sshKey(...args)
    expect(publicHalf(usableKey({ privateKey: key, passphrase: PHRASE }, WHERE))).toBe(open)
    const windows = key.replaceAll('\n', '\r\n')
    expect(publicHalf(usableKey({ privateKey: windows, passphrase: PHRASE }, WHERE))).toBe(open)
    expect(faultOf(key, 'wrong')).toMatchObject({
      kind: 'unauthorized',
      what: expect.stringContaining('wrong'),
      where: WHERE,
    })
    expect(faultOf(key, null)).toMatchObject({ kind: 'unauthorized', what: expect.stringContaining('passphrase') })
  })

  it('gives OpenSSH an Ed25519 key of openssl in its own form', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const sealed = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PHRASE })
      .toString()
    const opened = usableKey({ privateKey: plain, passphrase: null }, WHERE)
    expect(publicHalf(opened)).toMatch(/^ssh-ed25519 /)
    expect(publicHalf(usableKey({ privateKey: sealed, passphrase: PHRASE }, WHERE))).toBe(publicHalf(opened))
    expect(faultOf(sealed, 'wrong').kind).toBe('unauthorized')
  })

  it('takes a key without a passphrase as it is, whatever passphrase is written beside it', () => {
    const file = join(folder, 'plain')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-f', file, '-N', ''])
    const key = readFileSync(file, 'utf8')
    expect(usableKey({ privateKey: key, passphrase: null }, WHERE)).toBe(key)
    expect(usableKey({ privateKey: key, passphrase: 'x' }, WHERE)).toBe(key)
  })

  it('refuses what is no key, or was cut, and never shows it', () => {
    const { key } = sshKey('-t', 'ed25519')
    const lines = key.split('\n')
    const cut = [...lines.slice(0, 3), ...lines.slice(-2)].join('\n')
    for (const broken of [
      'hunter2',
      cut,
      key.slice(0, 200),
      'x'.repeat(100_000),
      '-----BEGIN PRIVATE KEY-----\nAAAA',
    ]) {
      const fault = faultOf(broken, PHRASE)
      expect(fault.kind).toBe('invalid-input')
      expect(JSON.stringify(fault)).not.toContain('hunter2')
      expect(JSON.stringify(fault)).not.toContain(lines[2])
    }
  })
})
