import type { RuntimeSetting } from '@bangui/shared'
import type { JailTuning } from '../models/edit-models.ts'

/** Returns the settings that a tuning of a jail consists of. */
export function runtimeSettings(jail: string, tuning: JailTuning): RuntimeSetting[] {
  const numbers = (['bantime', 'findtime', 'maxretry'] as const).flatMap((key) => {
    const value = tuning[key]
    return value === undefined ? [] : [{ jail, key, value: String(value) }]
  })
  const added = (tuning.addIgnored ?? []).map((value) => ({ jail, key: 'addignoreip' as const, value }))
  const removed = (tuning.removeIgnored ?? []).map((value) => ({ jail, key: 'delignoreip' as const, value }))
  return [...numbers, ...added, ...removed]
}

/** Returns the tuning of a jail that settings consist of. */
export function tuningOf(settings: readonly RuntimeSetting[], jail: string): JailTuning {
  const own = settings.filter((setting) => setting.jail === jail)
  const valuesOf = (key: RuntimeSetting['key']) =>
    own.flatMap((setting) => (setting.key === key ? [setting.value] : []))
  const number = (key: RuntimeSetting['key']) => valuesOf(key).map(Number).at(-1)
  return {
    bantime: number('bantime'),
    findtime: number('findtime'),
    maxretry: number('maxretry'),
    addIgnored: valuesOf('addignoreip'),
    removeIgnored: valuesOf('delignoreip'),
  }
}
