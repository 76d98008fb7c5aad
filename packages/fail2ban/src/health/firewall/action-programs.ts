import type { ActionSeen } from '../seen/daemon-seen.ts'
import { fillTags } from './locations.ts'

/** Words of the shell, which are no programs, and programs that belong to it. */
const ofShell = new Set(
  (
    'if then else elif fi for in do done while until case esac function select time ! { } ( ) [ [[ ]] . : ' +
    'alias break cd command continue echo eval exec exit export false getopts hash local printf pwd read readonly ' +
    'return set shift source test times trap true type ulimit umask unset wait let declare'
  ).split(' '),
)

const quoted = /"(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`/gs

/** By action: many checks ask for the same one. */
const known = new WeakMap<ActionSeen, readonly string[]>()

/** Returns the programs that an action runs to ban, for both families: the first words of its simple commands. */
export function programsOf(action: ActionSeen): readonly string[] {
  const found = known.get(action) ?? findPrograms(action)
  known.set(action, found)
  return found
}

function findPrograms(action: ActionSeen): string[] {
  const commands = ['actionstart', 'actionban'].flatMap((key) =>
    ([4, 6] as const).map((family) => fillTags(action.properties.get(key) ?? '', action, family)),
  )
  return [...new Set(commands.flatMap(programsIn))]
}

/** Returns the programs of a command of the shell, as far as it can be read without a shell: words in doubt are left out. */
export function programsIn(command: string): string[] {
  // quotes go first: a mail has lines that look like commands
  const plain = command.replaceAll(quoted, 'QUOTED').replaceAll(/\\\n/g, ' ').replaceAll(/#.*$/gm, '')
  const parts = plain.split(/\n|;|\||&|\$\(|\(|\)|`/)
  return [...new Set(parts.flatMap(firstWord))]
}

function firstWord(part: string): string[] {
  const words = part.trim().split(/\s+/)
  for (const word of words) {
    if (/^\w+=/.test(word) || ['!', '{', 'then', 'else', 'do', 'if', 'while', 'exec'].includes(word)) continue
    if (ofShell.has(word) || !/^\/?[A-Za-z][\w.+-]*(?:\/[\w.+-]+)*$/.test(word) || word === 'QUOTED')
      return []
    return [word]
  }
  return []
}
