import { createHash } from 'node:crypto'
import { access, constants, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pacedChunks } from '@bangui/async'
import type { ConfigNotice } from '@bangui/shared'
import type { ConfigProblem, Fail2banConfig } from '../config/config-model.ts'
import { configNotices } from '../config/config-notices.ts'
import { readDefinitions } from '../config/definitions.ts'
import type { Definitions } from '../config/definitions.ts'
import { dumpConfig } from '../config/dump-config.ts'
import type { StreamCommand } from '../config/dump-config.ts'
import { findHints } from '../config/find-hints.ts'
import { isReadWhole, uniqueProblems } from '../config/file-source.ts'
import { findJailFaults } from '../config/jail-faults.ts'
import type { Fault } from '../config/jail-faults.ts'
import { configuredJails } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { readDump } from '../config/read-dump.ts'
import type { DumpReading } from '../config/read-dump.ts'
import { ToolMissingError } from '../errors.ts'

/** A configuration, and the program that reads it. */
export interface ConfigSource {
  readonly configDir: string
  /** the fail2ban-client to use: a name or a path */
  readonly client: string
}

/** fail2ban's configuration as it stands, and what fail2ban makes of it. */
export interface ConfigReading {
  readonly config: Fail2banConfig
  /** by jail name; empty where a file could not be read; filters and actions are checked for enabled jails only */
  readonly faults: ReadonlyMap<string, readonly Fault[]>
  readonly notices: readonly ConfigNotice[]
  /** of all files that were read, those of filters and actions included */
  readonly problems: readonly ConfigProblem[]
  /** null: fail2ban-client could not be asked, did not end, or sees other files than fail2ban does */
  readonly dump: DumpReading | null
  /** what fail2ban-client would send to the daemon; null where `dump` is */
  readonly stream: readonly StreamCommand[] | null
}

/** Reads the configuration, anew only when it has changed. */
export interface ConfigReader {
  /** @throws ConfigUnreadableError */
  read(): Promise<ConfigReading>
  /**
   * Notes which jails should run by the last reading and do not. Returns true where these are others than the last time: the
   * configuration has to be read again, since their logs may have been removed.
   */
  doubt(jails: readonly string[]): boolean
  /** Makes the next reading a new one. */
  forget(): void
}

/** How long a reading is good while no file of the folder changes, in milliseconds: logs can appear and vanish meanwhile. */
const GOOD_FOR_MS = 5 * 60_000
/** The same where fail2ban finds something wrong. */
const BAD_FOR_MS = 10_000

const MAX_FILES = 5000
/** So many are looked at within a few milliseconds. */
const JAILS_AT_ONCE = 10

interface Kept {
  readonly fingerprint: string
  /** files that are included from elsewhere */
  readonly outside: readonly string[]
  readonly at: number
  readonly reading: ConfigReading
}

/** Creates the reader of one host's configuration. */
export function createConfigReader(context: ConfigSource): ConfigReader {
  let kept: Kept | undefined
  let doubted = ''
  let running: Promise<ConfigReading> | undefined
  let next: Promise<ConfigReading> | undefined

  const readOnce = async (): Promise<ConfigReading> => {
    // computed before the files are read: a change meanwhile is seen at the next reading
    const outside = kept?.outside ?? []
    const fingerprint = await fingerprintOf(context.configDir, outside)
    if (kept !== undefined && kept.fingerprint === fingerprint && !isOld(kept)) return kept.reading
    const reading = await readAll(context)
    const found = filesOutside(reading)
    kept = { fingerprint, outside: found, at: performance.now(), reading }
    // files that were not looked at before they were read: once more, with them
    if (found.join('\0') !== outside.join('\0')) return readOnce()
    return reading
  }
  const start = () => {
    running = readOnce().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    read() {
      if (running === undefined) return start()
      // the reading under way may have begun before the change that the caller knows of
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return start()
        })
      return next
    },
    doubt(jails) {
      const before = doubted
      doubted = jails.join('\0')
      if (doubted === '' || doubted === before) return false
      kept = undefined
      return true
    },
    forget() {
      kept = undefined
    },
  }
}

function isOld({ at, reading: { dump } }: Kept): boolean {
  // a client that fails is not run all the time: it may hang until it is killed
  const isGood = dump === null || (!dump.isRefused && dump.jailsWithoutLog.size === 0)
  return performance.now() - at > (isGood ? GOOD_FOR_MS : BAD_FOR_MS)
}

async function readAll({ client, configDir }: ConfigSource): Promise<ConfigReading> {
  const config = await readFail2banConfig(configDir)
  const jails = configuredJails(config)
  const enabled = jails.filter((jail) => jail.enabled)
  const definitions = await readDefinitions(
    config,
    enabled.map(({ name }) => name),
  )
  const found = [...definitions.values()].flatMap((each) => each?.problems ?? [])
  const problems = uniqueProblems([...config.problems, ...found])
  const isWhole = isReadWhole(problems)
  const none: Definitions = new Map()
  const faults = new Map<string, readonly Fault[]>()
  for await (const some of pacedChunks(isWhole ? jails : [], JAILS_AT_ONCE))
    for (const { name, enabled: isOn } of some)
      faults.set(name, findJailFaults(config, name, isOn ? definitions : none))
  const asked = isWhole
    ? await askClient(
        { client, configDir },
        enabled.flatMap(({ logPaths }) => logPaths),
      )
    : null
  const dump = asked?.dump ?? null
  const hints = isWhole ? findHints(config, definitions) : []
  const notices = [...configNotices({ config, problems, dump, faults }), ...hints]
  return { config, faults, notices, problems, dump, stream: asked?.stream ?? null }
}

/** Null: fail2ban-client cannot be run, does not end, or may not see the logs that fail2ban sees. */
async function askClient(
  { client, configDir }: ConfigSource,
  logPaths: readonly string[],
): Promise<{ readonly dump: DumpReading; readonly stream: readonly StreamCommand[] } | null> {
  try {
    const dumped = await dumpConfig({ path: configDir, configDir }, { client })
    if (!dumped.ended) return null
    const dump = readDump(dumped)
    const isAboutLogs = dump.jailsWithoutLog.size > 0 || dump.startedJails.length > 0
    if (dump.refusals.length > 0 && isAboutLogs && !(await maySee(logPaths))) return null
    return { dump, stream: dumped.stream }
  } catch (error) {
    if (error instanceof ToolMissingError) return null
    throw error
  }
}

/** Returns whether this user may look into the folders of logs: fail2ban itself is root. */
async function maySee(logPaths: readonly string[]): Promise<boolean> {
  if (process.getuid?.() === 0) return true
  for (const path of logPaths) {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      // with a slash and a dot, a file in the place of a folder is not taken for one that is closed to this user
      const error = await access(`${folder}/.`, constants.X_OK | constants.R_OK).then(
        () => undefined,
        (cause: NodeJS.ErrnoException) => cause,
      )
      if (error?.code === 'EACCES' || error?.code === 'EPERM') return false
      if (error === undefined || folder === dirname(folder)) break
    }
  }
  return true
}

const filesOutside = ({ config }: ConfigReading): string[] =>
  [...new Set([...config.jail.files, ...config.fail2ban.files])].filter(
    (path) => !path.startsWith(`${config.configDir}/`),
  )

/** Returns a fingerprint of the configuration: names, sizes and times of all its files. */
async function fingerprintOf(configDir: string, outside: readonly string[]): Promise<string> {
  const paths = [...(await listFiles(configDir)), ...outside]
  const hash = createHash('sha1')
  const found = await Promise.all(paths.map((path) => stat(path, { bigint: true }).catch(() => undefined)))
  for (const [index, entry] of found.entries()) {
    hash.update(`${paths[index]}\n`)
    if (entry !== undefined)
      hash.update(`${entry.ino} ${entry.size} ${entry.mtimeNs} ${entry.ctimeNs} ${entry.mode}\n`)
  }
  return hash.digest('base64')
}

/** Returns the files of a folder and its subfolders, three levels deep; links are not followed. */
async function listFiles(folder: string, depth = 0): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    files.push(path)
    const mayBeFolder = entry.isDirectory() || (entry.isSymbolicLink() && entry.name.endsWith('.d'))
    if (mayBeFolder && depth < 3 && files.length < MAX_FILES)
      files.push(...(await listFiles(path, depth + 1)))
  }
  return files.slice(0, MAX_FILES)
}
