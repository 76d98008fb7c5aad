import { type Edit, showHidden } from '@bangui/shared'
import { labelOf } from './option-words.ts'

/** Returns what an edit does, in a few words: "Ban time of sshd: 2h". */
export function describeEdit(edit: Edit): string {
  if (edit.kind === 'file')
    return edit.content === null ? `Remove ${showHidden(edit.file)}` : `Text of ${showHidden(edit.file)}`
  if (edit.kind === 'create') return `New ${edit.scope} ${showHidden(edit.name)}`
  if (edit.kind === 'delete') return `Remove ${edit.scope} ${showHidden(edit.name)}`
  const what = `${labelOf(edit.key) ?? showHidden(edit.key)} of ${placeOf(edit)}`
  if (edit.value === null) return `${what}: value removed`
  const first = edit.value.split('\n')[0] ?? ''
  const isCut = first.length > 60 || edit.value.includes('\n')
  return `${what}: ${edit.value === '' ? 'empty' : showHidden(first.slice(0, 60))}${isCut ? ' …' : ''}`
}

function placeOf({ scope, name }: Extract<Edit, { kind: 'set' }>): string {
  if (scope === 'default') return '[DEFAULT]'
  if (scope === 'fail2ban') return 'fail2ban itself'
  return scope === 'jail' ? showHidden(name ?? '') : `${scope} ${showHidden(name ?? '')}`
}
