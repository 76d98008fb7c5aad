import { ReadOnlyError } from '../errors.ts'
import type { Fail2banHost } from '../host.ts'

/** Whether each verb of a host reads or changes fail2ban, its files or its bans. */
export const verbEffects = {
  info: 'reads',
  probe: 'reads',
  onConnectionEvent: 'reads',
  listJails: 'reads',
  listConfigNotices: 'reads',
  getJail: 'reads',
  previewSwitch: 'reads',
  prepareSwitch: 'changes',
  applyChange: 'changes',
  rollback: 'changes',
  settleInterrupted: 'changes',
  // nothing loads where nothing is changed
  cancelLoad: 'reads',
  start: 'changes',
  stop: 'changes',
  reload: 'changes',
  restart: 'changes',
  readLog: 'reads',
  watchEvents: 'reads',
  readBanHistory: 'reads',
  readActiveBans: 'reads',
  listLiveBans: 'reads',
  countLiveBans: 'reads',
  liveBansSince: 'reads',
  databaseStatus: 'reads',
  listJailBans: 'reads',
  whenBansRestored: 'reads',
  countJailBans: 'reads',
  listBantimes: 'reads',
  ban: 'changes',
  unban: 'changes',
  listIgnored: 'reads',
  getIgnoreList: 'reads',
  startJail: 'changes',
  stopJail: 'changes',
  reloadJail: 'changes',
  setIdle: 'changes',
  tuneJail: 'changes',
  getTuning: 'reads',
  getFilter: 'reads',
  previewSettings: 'reads',
  prepareSettings: 'changes',
  prepareManualJail: 'changes',
  close: 'reads',
} as const satisfies Record<keyof Fail2banHost, 'reads' | 'changes'>

const refuse = () => Promise.reject(new ReadOnlyError())

/** A host that is only looked at: every verb that changes something is refused with {@link ReadOnlyError}. */
export function createReadOnlyHost(host: Fail2banHost): Fail2banHost {
  const changing = Object.entries(verbEffects).filter(([, effect]) => effect === 'changes')
  return {
    ...host,
    previewSwitch: async (...input) => ({ ...(await host.previewSwitch(...input)), readOnly: true }),
    previewSettings: async (...input) => ({ ...(await host.previewSettings(...input)), readOnly: true }),
    ...Object.fromEntries(changing.map(([verb]) => [verb, refuse])),
  }
}
