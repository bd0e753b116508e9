// What of kubectl's output is one run's alone: names of the run, ages, times, uids, versions, addresses.

/** What a run calls its own. */
export interface OwnNames {
  readonly namespace: string
  readonly url: string
  readonly node: string
  readonly folder: string
}

/** Letters of generated names. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]{5}'

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: kubectl colours some texts even without a terminal
  [/\u001b\[[\d;]*m/g, ''],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME'],
  [/(resourceVersion: )"\d+"/g, '$1"VERSION"'],
  [/("resourceVersion": )"\d+"/g, '$1"VERSION"'],
  // A template's hash is made of what Go prints of it; nobody may rely on more than that it changes with the template.
  [/\b(web-|pod-template-hash[=:] ?"?)[0-9a-f]{7,10}\b/g, '$1HASH'],
  [new RegExp(`\\b((?:web|sum|now|one)(?:-HASH)?)-${RANDOM}\\b`, 'g'), '$1-RANDOM'],
  [/^([IWE])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, '$1 '],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, 'TIME'],
  [/\b(10|198|192)\.\d+\.\d+\.\d+\b/g, 'ADDRESS'],
  [/\b3[0-2]\d{3}(\/TCP)/g, 'PORT$1'],
  [/(nodePort: |NodePort:\s.*\s)3[0-2]\d{3}/g, '$1PORT'],
  [/(edit-|LIVE-|MERGED-)\d+/g, '$1NUMBER'],
]

/** Ages in tables and descriptions; in other forms such a word is a value. */
const AGE = /(?<=\s|^)(\d+[smhd])(\d+[smhd])?(?=\s|$)/gm

/** The output without it. Columns are as wide as the words in them, so that spaces count as one. */
export function normal(text: string, { namespace, url, node, folder }: OwnNames, line: string): string {
  const named = text
    .replaceAll(namespace, 'NS')
    .replaceAll(url, 'URL')
    .replaceAll(url.replace(/^https:\/\//, ''), 'HOST')
  const placed = named.replaceAll(node, 'NODE').replaceAll(folder, 'FOLDER')
  const own = PATTERNS.reduce((all, [pattern, word]) => all.replace(pattern, word), placed)
  const isData = /-o (yaml|json)/.test(line)
  const aged = isData ? own : own.replace(AGE, 'AGE').replace(/ {2,}/g, '  ')
  return aged
    .split('\n')
    .map((each) => each.trimEnd())
    .join('\n')
    .trimEnd()
}
