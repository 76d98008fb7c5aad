import { errorText, type ErrorCode, type ErrorParams } from '@bangui/shared'
import type { FieldErrors } from './field-errors.ts'

interface AppErrorOptions extends ErrorOptions {
  /** a sentence that is clearer here than that of the table */
  readonly message?: string
  /** what is wrong with single fields of the input */
  readonly fieldErrors?: FieldErrors
}

/** An error with a stable code; its message is the sentence for people from the table in @bangui/shared. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly params: ErrorParams
  readonly fieldErrors: FieldErrors | undefined

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: AppErrorOptions) {
    super(options?.message ?? errorText(code, params), options)
    this.code = code
    this.params = params
    this.fieldErrors = options?.fieldErrors
  }
}
