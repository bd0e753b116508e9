// A completion script for zsh.
import type { FlagChoice, Place } from './tree.ts'

/** The script; it works sourced and as a file `_mainstay` on fpath. */
export function zshScript(places: readonly Place[]): string {
  return `#compdef mainstay
# zsh completion for mainstay; load it with: source <(mainstay completion zsh)
_mainstay() {
  local place="" word i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$place:$word" in
${places
  .filter((place) => place.path !== '')
  .map((place) => `      ${patternOf(place.path)}) place="${place.path}" ;;`)
  .join('\n')}
    esac
  done
  case "\${words[CURRENT-1]}" in
${valueCases(places)}
  esac
  local -a choices flags
  local files=""
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o 'flag' flags
  else
    (( \${#choices} )) && _describe 'command' choices
    [[ -n "$files" ]] && _files
  fi
}
if [[ "\${funcstack[1]}" = "_mainstay" ]]; then _mainstay "$@"; else compdef _mainstay mainstay; fi
`
}

function patternOf(path: string): string {
  const words = path.split(' ')
  return `"${words.slice(0, -1).join(' ')}:${words.at(-1)}"`
}

function placeCase(place: Place): string {
  const choices = place.words.map((choice) => entry(choice.word, choice.summary))
  const flags = place.flags.flatMap((flag) => flag.spellings.map((spelling) => entry(spelling, flag.summary)))
  const files = place.files ? ' files=1;' : ''
  return `    "${place.path}") choices=(${choices.join(' ')}); flags=(${flags.join(' ')});${files} ;;`
}

/** `'word:summary'`; colons of the word and quotes are escaped. */
function entry(word: string, summary: string): string {
  const text = summary === '' ? word : `${word.replaceAll(':', '\\\\:')}:${summary}`
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function valueCases(places: readonly Place[]): string {
  const flags = new Map<string, FlagChoice>()
  for (const flag of places.flatMap((place) => place.flags)) {
    if (flag.value !== null) flags.set(flag.spellings.join('|'), flag)
  }
  return [...flags].map(([pattern, flag]) => `    ${pattern}) ${replyOf(flag)}return ;;`).join('\n')
}

function replyOf(flag: FlagChoice): string {
  switch (flag.value?.kind) {
    case 'file':
      return '_files; '
    case 'words':
      return `compadd -- ${flag.value.words.join(' ')}; `
    case 'any':
    case undefined:
      return ''
  }
}
