// A completion script for bash.
import type { FlagChoice, Place } from './tree.ts'

/** The script; it needs nothing but bash itself. */
export function bashScript(places: readonly Place[]): string {
  return `# bash completion for mainstay; load it with: source <(mainstay completion bash)
_mainstay() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" place="" word i
  # bash splits --flag=value at the sign
  if [ "$prev" = "=" ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$cur" = "=" ]; then cur=""; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$place:$word" in
${places
  .filter((place) => place.path !== '')
  .map((place) => `      ${patternOf(place.path)}) place="${place.path}" ;;`)
  .join('\n')}
    esac
  done
  case "$prev" in
${valueCases(places)}
  esac
  local words="" flags="" files=""
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
  fi
}
complete -o filenames -F _mainstay mainstay
`
}

function patternOf(path: string): string {
  const words = path.split(' ')
  return `"${words.slice(0, -1).join(' ')}:${words.at(-1)}"`
}

function placeCase(place: Place): string {
  const flags = place.flags.flatMap((flag) => flag.spellings.filter((spelling) => spelling.startsWith('--')))
  const words = place.words.map((choice) => choice.word)
  return `    "${place.path}") words="${words.join(' ')}"; flags="${flags.join(' ')}"${place.files ? '; files=1' : ''} ;;`
}

/** One case for each flag that takes a value: flags of one name take the same everywhere. */
function valueCases(places: readonly Place[]): string {
  const flags = new Map<string, FlagChoice>()
  for (const flag of places.flatMap((place) => place.flags)) {
    if (flag.value !== null) flags.set(flag.spellings.join('|'), flag)
  }
  return [...flags].map(([pattern, flag]) => `    ${pattern}) COMPREPLY=(${replyOf(flag)}); return ;;`).join('\n')
}

function replyOf(flag: FlagChoice): string {
  switch (flag.value?.kind) {
    case 'file':
      return '$(compgen -f -- "$cur")'
    case 'words':
      return `$(compgen -W "${flag.value.words.join(' ')}" -- "$cur")`
    case 'any':
    case undefined:
      return ''
  }
}
