import { errorText, type ErrorCode, type ErrorParams } from '@bangui/shared'

interface AppErrorOptions extends ErrorOptions {
  /** a sentence that is clearer here than that of the table */
  readonly message?: string
}

/** An error with a stable code; its message is the sentence for people from the table in @bangui/shared. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly params: ErrorParams

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: AppErrorOptions) {
    super(options?.message ?? errorText(code, params), options)
    this.code = code
    this.params = params
  }
}
