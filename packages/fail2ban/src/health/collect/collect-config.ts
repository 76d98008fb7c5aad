import { jailWithoutLog } from '../../config/client-messages.ts'
import type { ConfigOption, ConfigProblem, ConfigTree } from '../../config/config-model.ts'
import { copiedIgnores } from '../../config/configured-ignores.ts'
import { isYes } from '../../config/options.ts'
import { interpolate } from '../../config/interpolate.ts'
import { configuredJails, daemonOption } from '../../config/list-jails.ts'
import { ConfigUnreadableError } from '../../errors.ts'
import type { ConfigReading } from '../../host/config-reader.ts'
import { problemOf } from '../../host/jail-problem.ts'
import type {
  CopiedSections,
  ConfigRemark,
  ConfigSeen,
  LayeredOption,
  Place,
  WantedJail,
} from '../seen/config-seen.ts'
import { UnseenError, type Collector } from './collector.ts'
import { readStream } from './read-stream.ts'

/** Sees what the files of the configuration say. */
export const collectConfig: Collector<'config'> = async ({ context }) => {
  try {
    return describeReading(await context.configReader.read())
  } catch (error) {
    if (error instanceof ConfigUnreadableError) throw new UnseenError(error.message)
    throw error
  }
}

function describeReading(reading: ConfigReading): ConfigSeen {
  const { config, dump, stream, notices, problems } = reading
  const refused = notices.find(({ kind }) => kind === 'refused')
  const own = (key: Parameters<typeof daemonOption>[1]) => daemonOption(config, key)
  return {
    configDir: config.configDir,
    jails: configuredJails(config)
      .filter(({ enabled }) => enabled)
      .map((jail) => describeJail(jail, reading)),
    own: {
      dbfile: own('dbfile'),
      logtarget: own('logtarget'),
      loglevel: own('loglevel'),
      socket: own('socket'),
      pidfile: own('pidfile'),
    },
    refusedSettings: dump?.refusedSettings ?? [],
    jailsWithoutLog:
      dump?.refusals.flatMap(({ jail, reason }) =>
        jail !== null && jailWithoutLog(reason) !== undefined ? [jail] : [],
      ) ?? [],
    hints: notices.flatMap(({ kind, file, line, jail, message }) =>
      kind === 'hint' ? [{ file, line, jail, message: message ?? '' }] : [],
    ),
    refusal:
      refused === undefined
        ? null
        : { ...refused, message: refused.message ?? 'fail2ban refuses the configuration.' },
    duplicates: problems.flatMap(duplicateOf),
    enabledInDefault: enabledInDefault(config.jail),
    copied: copiedIn(config.jail, config.configDir),
    copiedIgnores: copiedIgnores(config),
    layered: [...config.jail.sections].flatMap(([section, { places }]) => layeredIn(section, places)),
    stream: stream === null ? null : readStream(stream),
  }
}

function describeJail(jail: ReturnType<typeof configuredJails>[number], reading: ConfigReading): WantedJail {
  const { config, dump } = reading
  const { name, backend, filter, logPaths } = jail
  const path = interpolate(config.jail, name, 'logpath')
  return {
    name,
    fault: problemOf(jail, reading),
    waitsForLog: dump?.jailsWithoutLog.has(name) === true,
    loads: dump === null ? null : dump.startedJails.includes(name),
    backend,
    filter,
    logPatterns: logPaths,
    logPlace: { file: path?.file ?? null, line: path?.line ?? null },
  }
}

/** The messages of the parser about what is in a file twice. */
const duplicateOf = ({ kind, message, file, line }: ConfigProblem): ConfigRemark[] =>
  kind === 'syntax' && / twice in /.test(message) ? [{ file, line, jail: null, message }] : []

function enabledInDefault({ defaults }: ConfigTree): Place | null {
  const option = defaults.get('enabled')
  return option !== undefined && isYes(option.raw.trim()) ? { file: option.file, line: option.line } : null
}

const layeredIn = (section: string, places: ReadonlyMap<string, readonly ConfigOption[]>): LayeredOption[] =>
  [...places].flatMap(([key, all]) =>
    all.length > 1 ? [{ section, key, places: all.map(({ file, line, raw }) => ({ file, line, raw })) }] : [],
  )

function copiedIn({ sections }: ConfigTree, configDir: string): CopiedSections {
  const [own, stock] = [`${configDir}/jail.local`, `${configDir}/jail.conf`]
  const counts = { sections: 0, options: 0, same: 0 }
  for (const { places } of sections.values()) {
    const pairs = [...places.values()].map((all) => [rawIn(all, own), rawIn(all, stock)] as const)
    const options = pairs.filter(([raw]) => raw !== undefined)
    if (options.length > 0) counts.sections += 1
    counts.options += options.length
    counts.same += options.filter(([raw, other]) => raw === other).length
  }
  return counts
}

const rawIn = (places: readonly ConfigOption[], file: string): string | undefined =>
  places.find((place) => place.file === file)?.raw
