import type { ApplyOutcome, ChangePreview, LoadRequest, PreparedChange } from '../src/models/change-models.ts'
import type { ConfigEdit, JailTuning, SettingsEdit } from '../src/models/edit-models.ts'
import type { Fail2banHost } from '../src/host.ts'

const stage = ({ config }: Fail2banHost, edit: ConfigEdit): Promise<PreparedChange | undefined> =>
  config.stage({ edits: [edit], title: 'A change of a test' })

export const stageSwitch = (host: Fail2banHost, jail: string, enabled: boolean) =>
  stage(host, { kind: 'switch', jail, enabled })

export const stageSettings = (
  host: Fail2banHost,
  jail: string,
  { giveUp, ...settings }: JailTuning & Pick<SettingsEdit, 'giveUp'>,
) => stage(host, { kind: 'settings', jail, settings, giveUp })

/** Stages settings of a jail whose load ends all that was changed until the next load. */
export async function stageSettingsAlone(host: Fail2banHost, jail: string, settings: JailTuning) {
  const { changes } = await previewSettings(host, jail, settings)
  const giveUp = changes
    .filter(({ kind }) => kind === 'temporary')
    .flatMap(({ key, now, after }) => [key, now, after].filter((text) => text !== null))
  return stageSettings(host, jail, { ...settings, giveUp })
}

/** Makes a change without files. Returns how it ended. */
export async function load({ config }: Fail2banHost, request: LoadRequest): Promise<ApplyOutcome> {
  const staged = await config.stage({ edits: [], load: request, title: 'A load of a test' })
  return config.apply(staged?.changeId ?? '')
}

const loading = (how: 'start' | 'stop' | 'reload' | 'restart') => (host: Fail2banHost, jail: string) =>
  load(host, { jail, how })

export const startJail = loading('start')
export const stopJail = loading('stop')
export const reloadJail = loading('reload')
export const restartJail = loading('restart')
export const reloadAll = (host: Fail2banHost) => load(host, { all: true })

/** The outcome of a load that did all that it was to do. */
export const loaded = { applied: true, files: [], output: null, failure: null }

export const stageManualJail = (host: Fail2banHost) => stage(host, { kind: 'manual_jail' })

export const previewSwitch = (
  { config }: Fail2banHost,
  jail: string,
  enabled: boolean,
): Promise<ChangePreview> => config.preview({ edits: [{ kind: 'switch', jail, enabled }] })

export const previewSettings = (
  { config }: Fail2banHost,
  jail: string,
  settings: JailTuning,
): Promise<ChangePreview> => config.preview({ edits: [{ kind: 'settings', jail, settings }] })
