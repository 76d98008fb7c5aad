import type { FileEdit } from '@bangui/shared'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../../errors.ts'
import { hashOf } from '../../hash-of.ts'
import type { Draft } from '../draft.ts'
import { WRITABLE_FILE_BYTES } from '../writable-file.ts'
import { openFile, withFile } from './draft-files.ts'
import { insideOf } from './option-place.ts'

/**
 * Returns the draft with a file written as text, or removed. New files end in `.local`; other own files of the user can be changed.
 * @throws ConfigRefusedError, ConfigUnwritableError, ConfigChangedError
 */
export async function planFile(draft: Draft, { file: inside, content, base }: FileEdit): Promise<Draft> {
  if (!isRead(draft, inside))
    throw new ConfigUnwritableError(
      `fail2ban does not read a file named ${inside}, so BanGUI does not write it.`,
    )
  if (content !== null) assertText(inside, content)
  const file = await openFile(draft, inside)
  if (file.before === null && !inside.endsWith('.local'))
    throw new ConfigUnwritableError(
      `${inside} does not exist. BanGUI creates only files whose names end in .local.`,
    )
  if (file.after === null && content === null) throw new ConfigRefusedError(`${inside} does not exist.`)
  if (base !== undefined && (file.before && hashOf(file.before)) !== base)
    throw new ConfigChangedError(`Somebody else changed ${file.path}. Check the new version and try again.`)
  return withFile(draft, { ...file, after: content })
}

/** The files that fail2ban reads by their place. */
const readByPlace =
  /^(?:(?:jail|fail2ban)\.(?:conf|local)|(?:jail|fail2ban|filter|action)\.d\/\w[\w.-]*\.(?:conf|local))$/

const isRead = ({ config }: Draft, inside: string): boolean =>
  readByPlace.test(inside) ||
  [...config.jail.files, ...config.fail2ban.files].some((file) => insideOf(config, file) === inside)

function assertText(inside: string, content: string): void {
  if (Buffer.byteLength(content) > WRITABLE_FILE_BYTES)
    throw new ConfigRefusedError(`${inside} would be larger than 1 MiB.`)
  if (!content.isWellFormed() || /[^\P{Cc}\n\r\t]|[\u2028\u2029]/u.test(content))
    throw new ConfigRefusedError(`The text of ${inside} contains control characters.`)
}
