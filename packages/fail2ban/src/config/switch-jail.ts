import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { isJailName } from '@bangui/shared'
import { ConfigRefusedError, JailUnknownError } from '../errors.ts'
import type { Fail2banConfig } from './config-model.ts'
import { setOption } from './edit-ini.ts'
import { readRegularFile } from './file-source.ts'
import { parseIni } from './ini-file.ts'
import { interpolate } from './interpolate.ts'
import { isYes } from './options.ts'
import { isInside } from './stage.ts'

/** The file that BanGUI makes where no `.local` file sets the jail yet, relative to the folder. */
const OWN_FILE = join('jail.d', 'zz-bangui.local')

const HEADER =
  '# Written by BanGUI: jails switched on and off here. Values in this file win over those in other files.\n'

/** What a change would write: `path` absolute in the live folder, `before` null where there is no file yet. */
export interface PlannedFile {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: string
}

/**
 * Works out which `.local` file switches a jail on or off: the last one that sets `enabled` for it already, else
 * `jail.d/zz-bangui.local`. Gives no file when the jail is as asked. Nothing is written.
 * @throws JailUnknownError, ConfigRefusedError when that file is not BanGUI's to write
 */
export async function planSwitch(
  config: Fail2banConfig,
  name: string,
  enabled: boolean,
): Promise<PlannedFile[]> {
  if (!isJailName(name) || !config.jail.sections.has(name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) === enabled) return []
  const path = join(config.configDir, (await lastLocalThatSets(config, name)) ?? OWN_FILE)
  await assertWritable(config.configDir, path)
  const before = await readIfThere(path)
  const text = before === null ? HEADER : decode(path, before)
  return [{ path, before, after: setOption(text, { section: name, key: 'enabled', value: String(enabled) }) }]
}

/** Whether the configuration switches a jail on. */
export const isEnabled = (config: Fail2banConfig, name: string): boolean => {
  const found = interpolate(config.jail, name, 'enabled')
  return found !== undefined && found.problem === null && isYes(found.value)
}

/**
 * Says why a jail is not as asked in a configuration that was read back after the change: which file and line still decides.
 * Null: it is as asked. `live` is the folder that messages name.
 */
export function whatStillWins(
  config: Fail2banConfig,
  { name, enabled }: { readonly name: string; readonly enabled: boolean },
  live: string,
): string | null {
  if (isEnabled(config, name) === enabled) return null
  const found = interpolate(config.jail, name, 'enabled')
  const wish = enabled ? 'on' : 'off'
  if (found?.file === undefined || found.file === null)
    return `${name} cannot be switched ${wish}: nothing sets it.`
  const inside = relative(config.configDir, found.file)
  const file = inside.startsWith('..') ? found.file : join(live, inside)
  return `${name} cannot be switched ${wish}: ${file}, line ${found.line ?? 0}, is read later and sets enabled = ${found.value}. Change it there.`
}

/** The path relative to the folder, or undefined. */
async function lastLocalThatSets(config: Fail2banConfig, name: string): Promise<string | undefined> {
  for (const file of config.jail.files.toReversed()) {
    const inside = relative(config.configDir, normalize(file))
    if (!inside.endsWith('.local') || isAbsolute(inside) || inside.startsWith('..')) continue
    const bytes = await readIfThere(file)
    if (bytes === null) continue
    const { sections } = parseIni(new TextDecoder().decode(bytes))
    if (
      sections.some(
        (section) => section.name === name && section.options.some((option) => option.key === 'enabled'),
      )
    )
      return inside
  }
  return undefined
}

/** Refuses what is reached through a link that leaves the folder, and what is no regular file. */
async function assertWritable(configDir: string, path: string): Promise<void> {
  const root = await realpath(configDir)
  const folder = await realpath(dirname(path)).catch(() => null)
  if (folder !== null && !isInside(root, folder)) {
    throw new ConfigRefusedError(
      `${dirname(path)} is a link to ${folder}, outside of ${configDir}. BanGUI does not write there.`,
    )
  }
  const found = await lstat(path).catch(() => null)
  if (found?.isSymbolicLink() === true) {
    const target = await realpath(path).catch(() => 'nowhere')
    throw new ConfigRefusedError(
      `${path} is a link to ${target}. BanGUI does not write through links. Change that file by hand.`,
    )
  }
  if (found !== null && !found.isFile())
    throw new ConfigRefusedError(`${path} is no regular file. BanGUI does not write there.`)
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return (await readRegularFile(path)) ?? null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null
    throw error
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ConfigRefusedError(
      `${path} is not valid UTF-8, so BanGUI does not change it. Save it as UTF-8.`,
      { cause },
    )
  }
}
