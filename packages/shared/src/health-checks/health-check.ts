import * as z from 'zod'

/** `critical`: something that should be blocked is not; `warning`: protection is weaker than meant or may fail; `hint`: worth a look. */
export const HealthSeverity = z.enum(['critical', 'warning', 'hint'])
export type HealthSeverity = z.infer<typeof HealthSeverity>

/** How often a check runs by itself: cheap ones each minute, dear ones each hour and after each change. */
export const HealthCadence = z.enum(['minute', 'five_minutes', 'hour'])
export type HealthCadence = z.infer<typeof HealthCadence>

/** The seconds between two runs. */
export const cadenceSeconds: Readonly<Record<HealthCadence, number>> = {
  minute: 60,
  five_minutes: 300,
  hour: 3600,
}

/** Which part of the protection a check is about. */
export const healthAreas = {
  daemon: 'Daemon and jails',
  log: 'Reading logs',
  filter: 'Finding failures',
  ban: 'Banning',
  firewall: 'Blocking in the firewall',
  address: 'Who is banned',
  config: 'Configuration files',
  installation: 'Installation',
} as const
export type HealthArea = keyof typeof healthAreas

/** One check of the protection, as data. */
export interface HealthCheckInfo {
  readonly id: string
  readonly area: HealthArea
  /** what a problem of this check is */
  readonly title: string
  /** the severity of most of its problems */
  readonly severity: HealthSeverity
  /** what a problem means, in one or two sentences */
  readonly meaning: string
  readonly cadence: HealthCadence
  /** a problem is certain at first sight; otherwise it must be seen in two runs at least 20 s apart */
  readonly atOnce: boolean
}
