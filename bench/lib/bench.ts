/** What a benchmark found about one thing. */
export interface Measure {
  readonly what: string
  /** in the unit of `unit` */
  readonly value: number
  readonly unit: Unit
  /** the same thing done otherwise, in the same run */
  readonly reference?: { readonly what: string; readonly value: number }
  readonly wanted: string
  readonly ok: boolean
  /** how it was measured, or what else was seen */
  readonly note?: string
}

export type Unit = 'ms' | 's' | 'MB' | 'KB' | '%' | 'streams' | 'rows/s' | 'loads'

/** What a benchmark works with. */
export interface BenchContext {
  /** aborts when the run is broken off */
  readonly signal: AbortSignal
  /** Tells the person who waits what is being done. */
  say(text: string): void
  /** Takes something over that is disposed of when the benchmark ends, however it ends. */
  own<TResource extends AsyncDisposable>(resource: TResource): TResource
}

export type Bench = (context: BenchContext) => Promise<readonly Measure[]>
