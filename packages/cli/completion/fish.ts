// A completion script for fish.
import type { FlagChoice, Place } from './tree.ts'

/** The script; `__mainstay_at PATH…` is true where the words typed so far begin with that path and no further command. */
export function fishScript(places: readonly Place[]): string {
  const paths = places.map((place) => place.path).filter((path) => path !== '')
  return `# fish completion for mainstay; load it with: mainstay completion fish | source
function __mainstay_place
    set -l place ''
    for word in (commandline -opc)[2..-1]
        switch "$place:$word"
${paths.map((path) => `            case ${quote(patternOf(path))}\n                set place ${quote(path)}`).join('\n')}
        end
    end
    echo $place
end
function __mainstay_at
    test (__mainstay_place) = "$argv"
end
complete -c mainstay -f
${places.flatMap(placeLines).join('\n')}
`
}

function patternOf(path: string): string {
  const words = path.split(' ')
  return `${words.slice(0, -1).join(' ')}:${words.at(-1)}`
}

function placeLines(place: Place): readonly string[] {
  const at = `complete -c mainstay -n ${quote(`__mainstay_at ${quote(place.path)}`)}`
  const words = place.words.map((choice) => `${at} -a ${quote(choice.word)} -d ${quote(choice.summary)}`)
  const files = place.files ? [`${at} -F`] : []
  return [...words, ...files, ...place.flags.map((flag) => `${at} ${flagWords(flag)}`)]
}

function flagWords(flag: FlagChoice): string {
  const names = flag.spellings.map((spelling) =>
    spelling.startsWith('--') ? `-l ${spelling.slice(2)}` : `-s ${spelling.slice(1)}`,
  )
  return [...names, valueWords(flag), `-d ${quote(flag.summary)}`].filter((word) => word !== '').join(' ')
}

function valueWords(flag: FlagChoice): string {
  switch (flag.value?.kind) {
    case 'file':
      return '-r -F'
    case 'words':
      return `-x -a ${quote(flag.value.words.join(' '))}`
    case 'any':
      return '-x'
    case undefined:
      return ''
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
