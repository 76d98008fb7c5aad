/** What the main thread sends to a worker. */
export type ToWorker =
  | {
      readonly type: 'call'
      readonly id: number
      readonly method: string
      readonly args: readonly unknown[]
      readonly progress: boolean
      readonly items: boolean
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' }

/** What a worker sends to the main thread; a failure is what the worker's `toFailure` returned. */
export type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: unknown }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'item'; readonly id: number; readonly item: unknown }
