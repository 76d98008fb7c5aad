import { showHidden } from '@bangui/shared'
import { decodePath } from '../../lib/decode-path.ts'

/** A part of the configuration that has settings. */
export type SettingsPart =
  | { readonly kind: 'jail' | 'filter' | 'action'; readonly name: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'fail2ban' }

/** A part of the configuration that has a page. */
export type ConfigPart =
  | SettingsPart
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'history' }
  | { readonly kind: 'new-jail' }

export const ROOT = '/configuration'

const folders = { jail: 'jails', filter: 'filters', action: 'actions', file: 'files' } as const

/** Returns the link to the page of a part. */
export function hrefOf(part: ConfigPart): string {
  if (!('name' in part)) return `${ROOT}/${part.kind}`
  // a file keeps its slashes
  const name = part.name.split('/').map(encodeURIComponent).join('/')
  return `${ROOT}/${folders[part.kind]}/${part.kind === 'file' ? name : encodeURIComponent(part.name)}`
}

/** Returns the link to one setting of a part. */
export const settingHref = (part: ConfigPart, { section, key }: { section: string; key: string }): string =>
  `${hrefOf(part)}#${encodeURIComponent(anchorOf(section, key))}`

/** Returns the id of the element that shows a setting. */
export const anchorOf = (section: string, key: string): string => `${section}.${key}`

/** Returns the part that the rest of a path names; undefined: it names none. */
export function partOf(path: string | undefined): ConfigPart | undefined {
  const [folder = '', ...rest] = (path ?? '').split('/').map(decodePath)
  const name = rest.join('/')
  const isAlone =
    folder === 'default' || folder === 'fail2ban' || folder === 'history' || folder === 'new-jail'
  if (isAlone && name === '') return { kind: folder }
  const kind = Object.entries(folders).find(([, each]) => each === folder)?.[0] as
    | keyof typeof folders
    | undefined
  return kind === undefined || name === '' ? undefined : { kind, name }
}

/** Returns the title of a part's page. */
export function titleOf(part: ConfigPart): string {
  if ('name' in part) return showHidden(part.name)
  if (part.kind === 'history') return 'Changes'
  if (part.kind === 'new-jail') return 'New jail'
  return part.kind === 'default' ? '[DEFAULT]' : 'fail2ban.conf'
}

/** Returns whether two parts are the same. */
export const isSamePart = (one: ConfigPart | undefined, other: ConfigPart): boolean =>
  one !== undefined && hrefOf(one) === hrefOf(other)
