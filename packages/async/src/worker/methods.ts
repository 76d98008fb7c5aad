/** What a method of a worker receives before its arguments. */
export interface CallContext {
  /** aborts when the caller aborts; seen only by a method that awaits `nextTurn` now and then */
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** Passes on a part of what it does, at once, to a caller that asked for it. */
  readonly onItem: (item: unknown) => void
}

/** The methods of a worker, as its callers see them. */
export type Methods<TMethods> = { [TName in keyof TMethods]: (...args: never[]) => unknown }

/** The methods of a worker as it implements them: the context comes first, and a result may be a promise. */
export type Handlers<TMethods extends Methods<TMethods>> = {
  [TName in keyof TMethods]: (
    context: CallContext,
    ...args: Parameters<TMethods[TName]>
  ) => Awaited<ReturnType<TMethods[TName]>> | Promise<Awaited<ReturnType<TMethods[TName]>>>
}

/** The methods that callers of these handlers see. */
export type MethodsOf<THandlers> = {
  [TName in keyof THandlers]: THandlers[TName] extends (
    context: CallContext,
    ...args: infer TArgs
  ) => infer TResult
    ? (...args: TArgs) => Promise<Awaited<TResult>>
    : never
}
