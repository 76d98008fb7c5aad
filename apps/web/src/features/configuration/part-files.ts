import type { EffectiveSetting } from '@bangui/shared'
import type { SettingsPart } from './config-part.ts'
import type { PartSources } from './part-sources.ts'
import { insideOf } from './place-link.tsx'
import { isOwn } from './tree-items.ts'

/** The file that gets the values of a part where no own file has them yet. */
export function ownFileOf(part: SettingsPart): string {
  if (part.kind === 'fail2ban') return 'fail2ban.local'
  if (part.kind === 'filter' || part.kind === 'action') return `${part.kind}.d/${part.name}.local`
  return 'jail.d/zz-bangui.local'
}

/** Returns the files that set options of a part, own ones first, and the one that would get further values. */
export function partFiles(
  part: SettingsPart,
  settings: readonly EffectiveSetting[],
  configDir: string | undefined,
): string[] {
  const isHere = ({ section }: EffectiveSetting) => part.kind !== 'jail' || section === part.name
  const named = settings
    .filter(isHere)
    .flatMap(({ file, overrides }) => [file, ...overrides.map((place) => place.file)])
    .flatMap((file) => (file === null ? [] : (insideOf(configDir, file) ?? [])))
  const rank = (path: string) => (path.endsWith('.local') ? 0 : isOwn(path) ? 1 : 2)
  return [...new Set([...named, ownFileOf(part)])].toSorted((one, other) => rank(one) - rank(other))
}

/** Returns the line where the section of a part begins in a text, from 1; undefined: it is not there, or the text has nothing else. */
export function lineOfPart(part: SettingsPart, text: string): number | undefined {
  const section = part.kind === 'jail' ? part.name : part.kind === 'default' ? 'DEFAULT' : undefined
  if (section === undefined) return undefined
  const index = text.split('\n').findIndex((line) => line.trimEnd() === `[${section}]`)
  return index === -1 ? undefined : index + 1
}

/** Returns the part whose options stand in a file. */
export function partOfFile(path: string): SettingsPart {
  const [, folder, name = ''] = /^(filter|action)\.d\/(.*)\.(?:conf|local)$/.exec(path) ?? []
  if (folder === 'filter' || folder === 'action') return { kind: folder, name }
  return path.startsWith('fail2ban.') ? { kind: 'fail2ban' } : { kind: 'default' }
}

/** Returns why the host does not let a file be changed, as a sentence; undefined: it does. */
export const whyReadOnly = (path: string, write: PartSources['write']): string | undefined =>
  path.startsWith('action.d/') && write !== 'all'
    ? 'Files of actions contain the commands that fail2ban runs as root. Changing them needs BANGUI_CONFIG_WRITE=all on the host.'
    : undefined
