// Texts that no error may repeat.
import { expect, it } from 'vitest'
import { secretsIn } from './secrets.ts'

const file = (path: string, text: string) => ({ path, realPath: path, id: '', bytes: Buffer.from(text) })

it('are the values of Secrets, also where the file is broken, and what they stand for', () => {
  const broken = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: login\nstringData:\n  password: "hunter2"\n  : x\n  url: db://u:p@h\ndata:\n  key: ${Buffer.from('plain text').toString('base64')}\n`
  const secrets = secretsIn([file('a.yaml', broken)], [])
  expect(secrets).toEqual(expect.arrayContaining(['hunter2', 'db://u:p@h', 'plain text']))
  expect(secrets).not.toContain('login')
  expect(secrets).not.toContain('Secret')
})

it('are the literals of a generator and the lines of files that become Secrets', () => {
  const generator = 'secretGenerator:\n- name: s\n  literals:\n  - token=abc123\n  envs: [s.env]\n'
  const secrets = secretsIn([file('kustomization.yaml', generator), file('s.env', 'A=one\ntwo\n')], ['s.env'])
  expect(secrets).toEqual(expect.arrayContaining(['abc123', 'one', 'two']))
})

it('are none where nothing speaks of a Secret', () => {
  expect(secretsIn([file('a.yaml', 'kind: ConfigMap\ndata: {a: b}\n')], [])).toEqual([])
})
