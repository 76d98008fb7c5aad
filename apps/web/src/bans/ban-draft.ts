export type Lasting = 'jail' | 'time' | 'date' | 'permanent'

/** Seconds of the units that a duration can be entered in. */
export const durationUnits = { minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 } as const

export type DurationUnit = keyof typeof durationUnits

/** What the ban form contains, kept so that the dialog can open with it again. */
export type BanDraft = {
  text: string
  jail: string | undefined
  lasting: Lasting
  amount: string
  unit: DurationUnit
  /** the end, as the field of a date has it */
  date: string
  reason: string
}

/** What the ban dialog opens with. */
export type BanDialogRequest = {
  addresses?: readonly string[]
  jail?: string
  /** jails to choose from if `jail` is not given, the likeliest first; one that is not running is skipped */
  likely?: readonly string[]
  /** what was filled in before */
  draft?: BanDraft | undefined
}
