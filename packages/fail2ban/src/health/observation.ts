/** One part of what was observed, or why it could not be. */
export type Observed<TValue> = { readonly value: TValue } | { readonly why: string }

/** Settings that the running daemon has. */
export interface DaemonValues {
  readonly logTarget: string
  readonly logLevel: string
  /** null: it keeps none */
  readonly databaseFile: string | null
  /** seconds; null: it keeps none */
  readonly databasePurgeAge: number | null
}

/** What there is to observe, by the part that a collector sees. */
export interface Observation {
  readonly daemonValues: DaemonValues
}

export type ObservationPart = keyof Observation

/** The parts that were observed. */
export type ObservedParts = { readonly [TPart in ObservationPart]?: Observed<Observation[TPart]> }
